"""An agent answers by their own telephone where the browser cannot speak."""

import sqlalchemy as sa
from alembic import op

revision = "own_phone"
down_revision = "receipts_by_call"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "own_phone",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_own_phone_agent_id")),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_own_phone")),
    )
    for table in ("seat", "leg"):
        op.add_column(table, sa.Column("by_phone", sa.Boolean(), nullable=False, server_default="false"))
        op.alter_column(table, "by_phone", server_default=None)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("leg", "seat"):
        op.drop_column(table, "by_phone")
    op.drop_table("own_phone")
