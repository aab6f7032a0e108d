"""A campaign can be ended by hand."""

import sqlalchemy as sa
from alembic import op

revision = "campaign_end"
down_revision = "marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("campaign", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("campaign", "ended_at")
