"""Desks, rosters and presence."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import protect

revision = "desks"
down_revision = "scripts"
branch_labels = None
depends_on = None

TENANT_OWNED = ("desk", "roster_entry")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "desk",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "paused",
                "closed",
                name="deskstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ring_seconds", sa.Integer(), nullable=False),
        sa.Column("wrapup_seconds", sa.Integer(), nullable=False),
        sa.Column("max_wait_seconds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_desk_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_desk")),
    )
    op.create_table(
        "presence_interval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offline",
                "ready",
                "ringing",
                "busy",
                "wrapup",
                "break",
                "not_ready",
                name="presence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_presence_interval_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_interval")),
    )
    op.create_index(
        "ix_presence_interval_agent_id", "presence_interval", ["agent_id", "started_at"], unique=False
    )
    op.create_index(
        "uq_presence_interval_open",
        "presence_interval",
        ["agent_id"],
        unique=True,
        postgresql_where="ended_at IS NULL",
    )
    op.create_table(
        "seat",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offline",
                "ready",
                "ringing",
                "busy",
                "wrapup",
                "break",
                "not_ready",
                name="presence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tab", sa.String(), nullable=True),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("idle_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_seat_agent_id")),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_seat")),
    )
    op.create_table(
        "roster_entry",
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_roster_entry_agent_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "desk_id"],
            ["desk.tenant_id", "desk.id"],
            name=op.f("fk_roster_entry_tenant_id_desk_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_roster_entry")),
        sa.UniqueConstraint(
            "tenant_id", "desk_id", "agent_id", name=op.f("uq_roster_entry_tenant_id_desk_id_agent_id")
        ),
    )
    op.create_index("ix_roster_entry_agent_id", "roster_entry", ["agent_id"], unique=False)
    for table in TENANT_OWNED:
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("roster_entry")
    op.drop_table("seat")
    op.drop_table("presence_interval")
    op.drop_table("desk")
