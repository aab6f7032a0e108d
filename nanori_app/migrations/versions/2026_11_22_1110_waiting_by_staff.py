"""A desk may leave open how many callers wait: then it follows from the agents who are there."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import bind_every_shop

revision = "waiting_by_staff"
down_revision = "mail_in_hand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.alter_column("desk", "max_waiting", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Such a desk lets in as many as come again."""
    bind_every_shop()
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("UPDATE desk SET max_waiting = 0 WHERE max_waiting IS NULL")
    op.alter_column("desk", "max_waiting", existing_type=sa.Integer(), nullable=False)
