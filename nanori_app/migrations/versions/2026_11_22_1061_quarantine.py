"""Numbers that a shop gave up rest for a while before another shop may have them."""

import sqlalchemy as sa
from alembic import op

revision = "quarantine"
down_revision = "reconciling"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("directory", sa.Column("free_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("directory", "free_at")
