"""Whether a shop sees what its months would have cost on the other plans."""

import sqlalchemy as sa
from alembic import op

revision = "shown_plans"
down_revision = "summons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "agreement", sa.Column("shows_others", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.alter_column("agreement", "shows_others", server_default=None)


def downgrade() -> None:
    op.drop_column("agreement", "shows_others")
