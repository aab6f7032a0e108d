"""What an agreement gives back of the base fee when the month's service level was missed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "promise"
down_revision = "case_joins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("agreement", sa.Column("promise", postgresql.JSONB(), nullable=True))
    op.create_check_constraint(
        op.f("ck_agreement_promise_is_the_whole_shops"), "agreement", "promise IS NULL OR desk_id IS NULL"
    )


def downgrade() -> None:
    op.drop_column("agreement", "promise")
