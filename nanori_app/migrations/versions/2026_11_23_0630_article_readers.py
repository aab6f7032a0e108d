"""The author of any article may ask agents to confirm that they have read it."""

import sqlalchemy as sa
from alembic import op

revision = "article_readers"
down_revision = "campaign_end"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "article", sa.Column("asks_readers", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.alter_column("article", "asks_readers", server_default=None)


def downgrade() -> None:
    op.drop_column("article", "asks_readers")
