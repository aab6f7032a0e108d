"""Shifts, and the share of the planned time that agents of a desk are away."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "shifts"
down_revision = "script_versions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=True),
        sa.Column("desk_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("breaks", postgresql.TSTZMULTIRANGE(), nullable=False),
        sa.CheckConstraint("(shop_id IS NULL) = (desk_id IS NULL)", name=op.f("ck_shift_desk_and_its_shop")),
        sa.CheckConstraint(
            "starts_at < ends_at AND ends_at - starts_at <= '1 day'", name=op.f("ck_shift_ends_within_a_day")
        ),
        sa.CheckConstraint(
            "breaks <@ tstzmultirange(tstzrange(starts_at, ends_at))", name=op.f("ck_shift_breaks_lie_within")
        ),
        postgresql.ExcludeConstraint(
            (sa.literal_column("agent_id"), "="),
            (sa.literal_column("tstzrange(starts_at, ends_at)"), "&&"),
            name="shifts_of_an_agent_do_not_overlap",
            using="gist",
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_shift_agent_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "desk_id"], ["desk.tenant_id", "desk.id"], name=op.f("fk_shift_shop_id_desk_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index("ix_shift_starts_at", "shift", ["starts_at"])
    op.add_column("desk", sa.Column("away_percent", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("desk", "away_percent", server_default=None)
    op.create_check_constraint(op.f("ck_desk_away_is_a_share"), "desk", "away_percent BETWEEN 0 AND 90")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_desk_away_is_a_share"), "desk")
    op.drop_column("desk", "away_percent")
    op.drop_table("shift")
