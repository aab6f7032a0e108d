"""Calls, legs, webhooks and carrier orders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "telephony"
down_revision = "routing"
branch_labels = None
depends_on = None

TENANT_OWNED = ("call", "recording", "webhook_receipt", "leg", "carrier_order")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "call",
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("account_sid", sa.String(), nullable=False),
        sa.Column("call_sid", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "greeting",
                "queued",
                "connecting",
                "talking",
                "held",
                "voicemail",
                "closed",
                name="callstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("from_number", sa.String(), nullable=True),
        sa.Column("to_number", sa.String(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("queue_sid", sa.String(), nullable=True),
        sa.Column("conference_sid", sa.String(), nullable=True),
        sa.Column("caller_joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status_rank", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "interaction_id"],
            ["interaction.tenant_id", "interaction.id"],
            name=op.f("fk_call_tenant_id_interaction_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_call")),
        sa.UniqueConstraint("account_sid", "call_sid", name=op.f("uq_call_account_sid_call_sid")),
        sa.UniqueConstraint("tenant_id", "interaction_id", name=op.f("uq_call_tenant_id_interaction_id")),
    )
    op.create_index(
        "ix_call_live",
        "call",
        ["tenant_id", "started_at"],
        unique=False,
        postgresql_where="state <> 'closed'",
    )
    op.create_table(
        "recording",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("recording_sid", sa.String(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"],
            ["call.tenant_id", "call.id"],
            name=op.f("fk_recording_tenant_id_call_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_recording_tenant_id_file_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_recording")),
        sa.UniqueConstraint("tenant_id", "recording_sid", name=op.f("uq_recording_tenant_id_recording_sid")),
    )
    op.create_table(
        "webhook_receipt",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("natural_key", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"],
            ["call.tenant_id", "call.id"],
            name=op.f("fk_webhook_receipt_tenant_id_call_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhook_receipt")),
        sa.UniqueConstraint(
            "tenant_id", "natural_key", name=op.f("uq_webhook_receipt_tenant_id_natural_key")
        ),
    )
    op.create_table(
        "leg",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("agent", "contact", name="legrole", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "expected",
                "dialled",
                "joined",
                "left",
                "failed",
                name="legstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("call_sid", sa.String(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status_rank", sa.Integer(), nullable=False),
        sa.Column("phrase_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_leg_agent_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "attempt_id"],
            ["escalation_attempt.tenant_id", "escalation_attempt.id"],
            name=op.f("fk_leg_tenant_id_attempt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"], ["call.tenant_id", "call.id"], name=op.f("fk_leg_tenant_id_call_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id"], ["offer.tenant_id", "offer.id"], name=op.f("fk_leg_tenant_id_offer_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_leg")),
    )
    op.create_index("ix_leg_call", "leg", ["tenant_id", "call_id"], unique=False)
    op.create_index("uq_leg_token_hash", "leg", ["token_hash"], unique=True)
    op.create_table(
        "carrier_order",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("leg_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "connect",
                "hold",
                "resume",
                "remove",
                "dial",
                "redirect",
                "hang_up",
                "fetch_recording",
                "delete_recording",
                name="orderkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("arguments", postgresql.JSONB(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "todo",
                "sending",
                "done",
                "gone",
                "failed",
                "unknown",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"],
            ["call.tenant_id", "call.id"],
            name=op.f("fk_carrier_order_tenant_id_call_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "leg_id"],
            ["leg.tenant_id", "leg.id"],
            name=op.f("fk_carrier_order_tenant_id_leg_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_carrier_order")),
    )
    op.create_index(
        "ix_carrier_order_todo",
        "carrier_order",
        ["due_at"],
        unique=False,
        postgresql_where="state IN ('todo', 'sending')",
    )
    for table in TENANT_OWNED:
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("carrier_order")
    op.drop_table("leg")
    op.drop_table("webhook_receipt")
    op.drop_table("recording")
    op.drop_table("call")
