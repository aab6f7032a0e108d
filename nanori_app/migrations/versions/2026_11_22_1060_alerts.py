"""What an operator must act on."""

import sqlalchemy as sa
from alembic import op

revision = "alerts"
down_revision = "phone_in_full"
branch_labels = None
depends_on = None

OPEN = sa.text("cleared_at IS NULL")
SHOWN = sa.text("cleared_at IS NULL AND shown_since IS NOT NULL")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["cleared_by"], ["account.id"], name=op.f("fk_alert_cleared_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index("uq_alert_open", "alert", ["kind", "subject"], unique=True, postgresql_where=OPEN)
    op.create_index("ix_alert_shown", "alert", ["last_at"], postgresql_where=SHOWN)


def downgrade() -> None:
    op.drop_table("alert")
