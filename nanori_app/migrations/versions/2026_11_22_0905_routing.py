"""Waiting callers, offers and engagements."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import protect

revision = "routing"
down_revision = "interactions"
branch_labels = None
depends_on = None

TENANT_OWNED = ("engagement", "waiting", "offer")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "engagement",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("phone", "mail", name="channel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrapup_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrapup_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_engagement_agent_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "interaction_id"],
            ["interaction.tenant_id", "interaction.id"],
            name=op.f("fk_engagement_tenant_id_interaction_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_engagement")),
    )
    op.create_index("ix_engagement_agent_id", "engagement", ["agent_id", "started_at"], unique=False)
    op.create_index(
        "uq_engagement_interaction",
        "engagement",
        ["tenant_id", "interaction_id"],
        unique=True,
        postgresql_where="ended_at IS NULL",
    )
    op.create_index(
        "uq_engagement_live_call",
        "engagement",
        ["agent_id"],
        unique=True,
        postgresql_where="ended_at IS NULL AND channel = 'phone'",
    )
    op.create_table(
        "waiting",
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "offered",
                "taken",
                "left",
                name="waitingstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("enqueued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("connectable_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"], name=op.f("fk_waiting_tenant_id_desk_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "interaction_id"],
            ["interaction.tenant_id", "interaction.id"],
            name=op.f("fk_waiting_tenant_id_interaction_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_waiting")),
        sa.UniqueConstraint(
            "tenant_id", "interaction_id", "turn", name=op.f("uq_waiting_tenant_id_interaction_id_turn")
        ),
    )
    op.create_index(
        "ix_waiting_open",
        "waiting",
        ["state", "enqueued_at"],
        unique=False,
        postgresql_where="state IN ('waiting', 'offered')",
    )
    op.create_table(
        "offer",
        sa.Column("waiting_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "accepted",
                "joined",
                "declined",
                "expired",
                "withdrawn",
                "connect_failed",
                "caller_gone",
                name="offerstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_offer_agent_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "waiting_id"],
            ["waiting.tenant_id", "waiting.id"],
            name=op.f("fk_offer_tenant_id_waiting_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_offer")),
    )
    op.create_index("ix_offer_waiting", "offer", ["tenant_id", "waiting_id"], unique=False)
    op.create_index(
        "uq_offer_live_agent",
        "offer",
        ["agent_id"],
        unique=True,
        postgresql_where="state IN ('offered', 'accepted')",
    )
    op.create_index(
        "uq_offer_live_waiting",
        "offer",
        ["tenant_id", "waiting_id"],
        unique=True,
        postgresql_where="state IN ('offered', 'accepted')",
    )
    for table in TENANT_OWNED:
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("offer")
    op.drop_table("waiting")
    op.drop_table("engagement")
