"""What the whole telephone needs: menus, callbacks, consultation, supervision, recording, outbound calls."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import bind_every_shop, protect

revision = "phone_in_full"
down_revision = "reports"
branch_labels = None
depends_on = None

OUTCOMES = """answered abandoned out_of_hours voicemail overflow ivr_self_served blocked test
system_fault replied no_action"""
EVENTS = """arrived guidance_ended queued offered offer_missed answered held resumed consulted
transferred connected_contact left_queue abandoned voicemail_left ended wrapped_up received
first_reply replied auto_replied escalated escalation_acknowledged client_answered snoozed reopened
solved split_from merged_into reason_changed"""
MORE_EVENTS = """self_served callback_requested dialled not_reached consult_joined consult_left
recording_started recording_paused recording_resumed help_asked supervised"""
ORDERS = "connect hold resume remove dial redirect hang_up fetch_recording delete_recording"

STATES = {
    ("call", "state", "callstate"): ("greeting queued connecting talking held voicemail closed", "calling"),
    ("leg", "role", "legrole"): ("agent contact", "consult monitor"),
    ("carrier_order", "kind", "orderkind"): (ORDERS, "dial_into pause_recording resume_recording supervise"),
    ("interaction", "outcome", "outcome"): (OUTCOMES, "callback not_reached"),
    ("interaction_event", "kind", "eventkind"): (EVENTS, MORE_EVENTS),
}
"""Column and check -> the values until now, and those that come."""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for (table, column, name), (before, more) in STATES.items():
        _allow(table, column, name, f"{before} {more}")
    _widen_shops_and_desks()
    _widen_routing()
    _widen_calls()
    _create_menu_option()
    _create_callback()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("callback")
    op.drop_table("menu_option")
    _narrow()
    for (table, column, name), (before, _) in STATES.items():
        _allow(table, column, name, before)


def _allow(table: str, column: str, name: str, values: str) -> None:
    listed = ", ".join(f"'{value}'" for value in values.split())
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({listed})")


def _add(table: str, column: str, kind: sa.types.TypeEngine[Any], fill: str | None = None) -> None:
    """A column that may be empty, or one that is filled in existing rows and has no default afterwards."""
    op.add_column(table, sa.Column(column, kind, nullable=fill is None, server_default=fill))
    if fill is not None:
        op.alter_column(table, column, server_default=None)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _widen_shops_and_desks() -> None:
    _add("tenant", "records_calls", sa.Boolean(), "false")
    _add("tenant", "tells_agent_when_supervised", sa.Boolean(), "true")
    _add("tenant", "hold_music_file_id", sa.Uuid())
    _add("tenant", "outbound_countries", postgresql.JSONB(astext_type=sa.Text()), '["JP"]')
    bind_every_shop()
    op.execute("UPDATE tenant SET records_calls = (recording_notice <> '')")
    op.create_check_constraint(
        op.f("ck_tenant_recording_is_announced"), "tenant", "NOT records_calls OR recording_notice <> ''"
    )
    _add("desk", "offers_callback", sa.Boolean(), "true")
    _add("desk", "unattended", _one_of("unattended", "voicemail", "contacts"), "voicemail")
    _add("desk", "interrupts_mail", sa.Boolean(), "false")
    _add("desk", "overflow_after_seconds", sa.Integer(), "0")
    _add("desk", "menu_prompt", sa.String(), "")


def _widen_routing() -> None:
    _add("waiting", "kind", _one_of("waitingkind", "call", "consult", "callback"), "call")
    _add("waiting", "for_agent_id", sa.Uuid())
    op.create_foreign_key(op.f("fk_waiting_for_agent_id"), "waiting", "account", ["for_agent_id"], ["id"])
    _add("engagement", "role", _one_of("engagementrole", "main", "consult"), "main")
    op.drop_index("uq_engagement_interaction", "engagement")
    op.create_index(
        "uq_engagement_interaction",
        "engagement",
        ["tenant_id", "interaction_id"],
        unique=True,
        postgresql_where="ended_at IS NULL AND wrapup_since IS NULL AND role = 'main'",
    )
    op.create_index(
        "ix_engagement_interaction",
        "engagement",
        ["tenant_id", "interaction_id"],
        postgresql_where="ended_at IS NULL",
    )


def _widen_calls() -> None:
    _add("call", "direction", _one_of("direction", "inbound", "outbound"), "inbound")
    op.alter_column("call", "call_sid", nullable=True)
    _add("call", "recording", _one_of("callrecording", "on", "paused"))
    _add("call", "help_asked_at", sa.DateTime(timezone=True))
    _add("leg", "supervision", _one_of("supervision", "listen", "whisper", "barge"))
    _add("recording", "kind", _one_of("recordingkind", "voicemail", "call"), "voicemail")


def _narrow() -> None:
    columns = {
        "recording": "kind",
        "leg": "supervision",
        "call": "help_asked_at recording direction",
        "engagement": "role",
        "waiting": "for_agent_id kind",
        "desk": "menu_prompt overflow_after_seconds interrupts_mail unattended offers_callback",
        "tenant": "outbound_countries hold_music_file_id tells_agent_when_supervised records_calls",
    }
    op.drop_index("ix_engagement_interaction", "engagement")
    op.drop_index("uq_engagement_interaction", "engagement")
    op.create_index(
        "uq_engagement_interaction",
        "engagement",
        ["tenant_id", "interaction_id"],
        unique=True,
        postgresql_where="ended_at IS NULL",
    )
    op.alter_column("call", "call_sid", nullable=False)
    op.drop_constraint(op.f("ck_tenant_recording_is_announced"), "tenant", type_="check")
    for table, names in columns.items():
        for name in names.split():
            op.drop_column(table, name)


def _create_menu_option() -> None:
    op.create_table(
        "menu_option",
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("digit", sa.String(), nullable=False),
        sa.Column("action", _one_of("menuaction", "queue", "desk", "voicemail", "say"), nullable=False),
        sa.Column("to_desk_id", sa.Uuid(), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("digit ~ '^[0-9]$'", name=op.f("ck_menu_option_digit_is_one")),
        sa.CheckConstraint(
            "(action = 'desk') = (to_desk_id IS NOT NULL)",
            name=op.f("ck_menu_option_desk_where_one_is_meant"),
        ),
        sa.CheckConstraint("action <> 'say' OR said <> ''", name=op.f("ck_menu_option_an_answer_has_words")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "desk_id"],
            ["desk.tenant_id", "desk.id"],
            name=op.f("fk_menu_option_tenant_id_desk_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "to_desk_id"],
            ["desk.tenant_id", "desk.id"],
            name=op.f("fk_menu_option_tenant_id_to_desk_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_menu_option")),
        sa.UniqueConstraint(
            "tenant_id", "desk_id", "digit", name=op.f("uq_menu_option_tenant_id_desk_id_digit")
        ),
    )
    protect("menu_option")


def _create_callback() -> None:
    op.create_table(
        "callback",
        sa.Column("asked_in", sa.Uuid(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("kept_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            _one_of("callbackstate", "waiting", "calling", "reached", "given_up", "cancelled"),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"],
            ["call.tenant_id", "call.id"],
            name=op.f("fk_callback_tenant_id_call_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asked_in"],
            ["interaction.tenant_id", "interaction.id"],
            name=op.f("fk_callback_tenant_id_asked_in"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "desk_id"],
            ["desk.tenant_id", "desk.id"],
            name=op.f("fk_callback_tenant_id_desk_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_callback")),
        sa.UniqueConstraint("tenant_id", "asked_in", name=op.f("uq_callback_tenant_id_asked_in")),
    )
    op.create_index(
        "ix_callback_due",
        "callback",
        ["due_at"],
        unique=False,
        postgresql_where="state IN ('waiting', 'calling')",
    )
    protect("callback")
