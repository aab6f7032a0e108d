"""What a paid hour of an agent costs, from a day on."""

import sqlalchemy as sa
from alembic import op

revision = "paid_hours"
down_revision = "checks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paid_hour",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("yen", sa.Integer(), nullable=False),
        sa.Column("stated_by", sa.Uuid(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("yen BETWEEN 1 AND 1000000", name=op.f("ck_paid_hour_costs_something")),
        sa.ForeignKeyConstraint(["stated_by"], ["account.id"], name=op.f("fk_paid_hour_stated_by")),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("pk_paid_hour")),
    )


def downgrade() -> None:
    op.drop_table("paid_hour")
