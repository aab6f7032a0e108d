"""The log: shoppers, cases, interactions, events, escalations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "interactions"
down_revision = "desks"
branch_labels = None
depends_on = None

TENANT_OWNED = (
    "counter",
    "reason",
    "shopper",
    "case",
    "shopper_handle",
    "interaction",
    "escalation_run",
    "interaction_event",
    "escalation_attempt",
)
EVENTS = """arrived guidance_ended queued offered offer_missed answered held resumed consulted
transferred connected_contact left_queue abandoned voicemail_left ended wrapped_up received
first_reply replied auto_replied escalated escalation_acknowledged client_answered snoozed reopened
solved split_from merged_into reason_changed"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "counter",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_counter_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "purpose", name=op.f("pk_counter")),
    )
    op.create_table(
        "reason",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label_ja", sa.String(), nullable=False),
        sa.Column("label_en", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_reason_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reason")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_reason_tenant_id_code")),
    )
    op.create_table(
        "shopper",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_shopper_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_shopper")),
    )
    op.create_table(
        "case",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "pending",
                "done",
                "no_action",
                name="casestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("shopper_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_to"], ["account.id"], name=op.f("fk_case_assigned_to")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "shopper_id"],
            ["shopper.tenant_id", "shopper.id"],
            name=op.f("fk_case_tenant_id_shopper_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_case_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_case")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_case_tenant_id_number")),
    )
    op.create_index(
        "ix_case_open",
        "case",
        ["tenant_id", "due_at"],
        unique=False,
        postgresql_where="state IN ('open', 'pending')",
    )
    op.create_table(
        "shopper_handle",
        sa.Column("shopper_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("phone", "mail", name="handlekind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "shopper_id"],
            ["shopper.tenant_id", "shopper.id"],
            name=op.f("fk_shopper_handle_tenant_id_shopper_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_shopper_handle")),
        sa.UniqueConstraint(
            "tenant_id", "kind", "value", name=op.f("uq_shopper_handle_tenant_id_kind_value")
        ),
    )
    op.create_index("ix_shopper_handle_shopper", "shopper_handle", ["tenant_id", "shopper_id"], unique=False)
    op.create_table(
        "interaction",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("phone", "mail", name="channel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "direction",
            sa.Enum(
                "inbound", "outbound", name="direction", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "party",
            sa.Enum(
                "human", "bot", "test", name="partykind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("shopper_id", sa.Uuid(), nullable=True),
        sa.Column("desk_id", sa.Uuid(), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "answered",
                "abandoned",
                "out_of_hours",
                "voicemail",
                "overflow",
                "ivr_self_served",
                "blocked",
                "test",
                "system_fault",
                "replied",
                "no_action",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("guidance_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("abandoned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_reply_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrapped_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("talk_ms", sa.BigInteger(), nullable=False),
        sa.Column("hold_ms", sa.BigInteger(), nullable=False),
        sa.Column("acw_ms", sa.BigInteger(), nullable=False),
        sa.Column("talking_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("let_go_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("offers_missed", sa.Integer(), nullable=False),
        sa.Column("transferred", sa.Boolean(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("phrase_id", sa.Uuid(), nullable=True),
        sa.Column("name_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("captured", postgresql.JSONB(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(outcome IS NULL) OR (ended_at IS NOT NULL)", name=op.f("ck_interaction_an_outcome_has_an_end")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_interaction_agent_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["case.tenant_id", "case.id"],
            name=op.f("fk_interaction_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "desk_id"],
            ["desk.tenant_id", "desk.id"],
            name=op.f("fk_interaction_tenant_id_desk_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reason_id"],
            ["reason.tenant_id", "reason.id"],
            name=op.f("fk_interaction_tenant_id_reason_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "shopper_id"],
            ["shopper.tenant_id", "shopper.id"],
            name=op.f("fk_interaction_tenant_id_shopper_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_interaction_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_interaction")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_interaction_tenant_id_number")),
    )
    op.create_index(
        "ix_interaction_agent", "interaction", ["tenant_id", "agent_id", "arrived_at"], unique=False
    )
    op.create_index("ix_interaction_arrived", "interaction", ["tenant_id", "arrived_at", "id"], unique=False)
    op.create_index("ix_interaction_case", "interaction", ["tenant_id", "case_id"], unique=False)
    op.create_index(
        "ix_interaction_outcome", "interaction", ["tenant_id", "outcome", "arrived_at", "id"], unique=False
    )
    op.create_index(
        "ix_interaction_shopper", "interaction", ["tenant_id", "shopper_id", "arrived_at"], unique=False
    )
    op.create_table(
        "escalation_run",
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "acknowledged",
                "closed",
                "exhausted",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("contacts", postgresql.JSONB(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "interaction_id"],
            ["interaction.tenant_id", "interaction.id"],
            name=op.f("fk_escalation_run_tenant_id_interaction_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_escalation_run")),
    )
    op.create_index(
        "uq_escalation_run_running",
        "escalation_run",
        ["tenant_id", "interaction_id"],
        unique=True,
        postgresql_where="state = 'running'",
    )
    op.create_table(
        "interaction_event",
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *EVENTS.split(),
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "agent",
                "supervisor",
                "operator",
                "merchant",
                "shopper",
                "contact",
                "carrier",
                "bot",
                "system",
                "test",
                name="actorkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "interaction_id"],
            ["interaction.tenant_id", "interaction.id"],
            name=op.f("fk_interaction_event_tenant_id_interaction_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_interaction_event")),
        sa.UniqueConstraint(
            "tenant_id",
            "interaction_id",
            "seq",
            name=op.f("uq_interaction_event_tenant_id_interaction_id_seq"),
        ),
    )
    op.create_table(
        "escalation_attempt",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "calling",
                "accepted",
                "failed",
                name="attemptstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["escalation_run.tenant_id", "escalation_run.id"],
            name=op.f("fk_escalation_attempt_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_escalation_attempt")),
        sa.UniqueConstraint(
            "tenant_id", "run_id", "step", name=op.f("uq_escalation_attempt_tenant_id_run_id_step")
        ),
    )
    op.create_index(
        "ix_escalation_attempt_due",
        "escalation_attempt",
        ["due_at"],
        unique=False,
        postgresql_where="state = 'calling'",
    )
    for table in TENANT_OWNED:
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("escalation_attempt")
    op.drop_table("interaction_event")
    op.drop_table("escalation_run")
    op.drop_table("interaction")
    op.drop_table("shopper_handle")
    op.drop_table("case")
    op.drop_table("shopper")
    op.drop_table("reason")
    op.drop_table("counter")
