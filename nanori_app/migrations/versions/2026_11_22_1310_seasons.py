"""Seasonal desks: plan, own hours, moves and proofs; the pool of numbers, and to which desk a line leads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "seasons"
down_revision = "knowledge"
branch_labels = None
depends_on = None

BEFORE = ("draft", "open", "paused", "closed")
STATES = ("draft", "checking", "scheduled", "open", "paused", "closing", "closed")
ACTORS = (
    "agent", "supervisor", "operator", "merchant", "shopper", "contact", "carrier", "bot", "system", "test"
)  # fmt: skip
NEW = ("gate_proof", "desk_move", "desk_day", "desk_span", "season", "line_promise")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("desk", sa.Column("kind", sa.String(32), nullable=False, server_default="standing"))
    op.alter_column("desk", "kind", server_default=None)
    op.create_check_constraint(op.f("ck_desk_deskkind"), "desk", "kind IN ('standing', 'seasonal')")
    _states(STATES)
    _lines()
    _season()
    _hours()
    _facts()
    for table in reversed(NEW):
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in NEW:
        op.drop_table(table)
    op.drop_table("pool_number")
    _states(BEFORE)
    op.drop_constraint(op.f("ck_desk_deskkind"), "desk", type_="check")
    op.drop_column("desk", "kind")


def _states(states: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_desk_deskstate"), "desk", type_="check")
    op.create_check_constraint(op.f("ck_desk_deskstate"), "desk", f"state IN {states}")


def _lines() -> None:
    op.create_table(
        "pool_number",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_pool_number")),
    )
    op.create_table(
        "line_promise",
        *_of_desk("line_promise"),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_pool", sa.Boolean(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "starts_at < ends_at AND ends_at <= free_at", name=op.f("ck_line_promise_times_are_in_order")
        ),
        postgresql.ExcludeConstraint(
            (sa.column("line"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            using="gist",
            name="line_has_one_desk",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("line"), "="),
            (sa.column("tenant_id"), "<>"),
            (sa.text("tstzrange(starts_at, free_at)"), "&&"),
            using="gist",
            name="line_rests_between_shops",
        ),
    )
    op.create_index(
        "ix_line_promise_to_return", "line_promise", ["free_at"],
        postgresql_where=sa.text("from_pool AND returned_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_line_promise_desk_id", "line_promise", ["tenant_id", "desk_id"])


def _season() -> None:
    op.create_table(
        "season",
        *_of_desk("season"),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("greeting", sa.String(), nullable=False),
        sa.Column("outside", sa.String(32), nullable=False),
        sa.Column("before_message", sa.String(), nullable=False),
        sa.Column("after_message", sa.String(), nullable=False),
        sa.Column("busy_calls", sa.Integer(), nullable=False),
        sa.Column("handling_seconds", sa.Integer(), nullable=False),
        sa.Column("ramp_days", sa.Integer(), nullable=False),
        sa.Column("quarantine_days", sa.Integer(), nullable=False),
        sa.Column("wanted_lines", postgresql.JSONB(), nullable=False),
        sa.Column("wanted_numbers", sa.Integer(), nullable=False),
        sa.Column("own_hours", sa.Boolean(), nullable=False),
        sa.Column("copied_from", sa.Uuid(), nullable=True),
        sa.Column("memo", sa.String(), nullable=False),
        sa.Column("data_end", sa.String(32), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outside IN ('announce', 'forward')", name=op.f("ck_season_outside")),
        sa.CheckConstraint("data_end IN ('returned', 'deleted')", name=op.f("ck_season_dataend")),
        sa.CheckConstraint(
            "opens_on <= closes_on AND opens_at < closes_at", name=op.f("ck_season_opens_before_it_closes")
        ),
        sa.CheckConstraint(
            "busy_calls >= 0 AND handling_seconds > 0 AND ramp_days >= 0 AND quarantine_days >= 0",
            name=op.f("ck_season_figures_are_sane"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "copied_from"], ["desk.tenant_id", "desk.id"],
            name=op.f("fk_season_tenant_id_copied_from"),
        ),
        sa.UniqueConstraint("tenant_id", "desk_id", name=op.f("uq_season_tenant_id_desk_id")),
    )  # fmt: skip


def _hours() -> None:
    op.create_table(
        "desk_span",
        *_of_desk("desk_span"),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 7", name=op.f("ck_desk_span_weekday_is_one")),
        sa.CheckConstraint(
            "0 <= opens AND opens < closes AND closes <= 1440", name=op.f("ck_desk_span_opens_before_closing")
        ),
        postgresql.ExcludeConstraint(
            (sa.column("tenant_id"), "="),
            (sa.column("desk_id"), "="),
            (sa.column("weekday"), "="),
            (sa.text("int4range(opens, closes)"), "&&"),
            using="gist",
            name="desk_spans_do_not_overlap",
        ),
    )
    op.create_table(
        "desk_day",
        *_of_desk("desk_day"),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.CheckConstraint("(opens IS NULL) = (closes IS NULL)", name=op.f("ck_desk_day_both_or_none")),
        sa.CheckConstraint(
            "0 <= opens AND opens < closes AND closes <= 1440", name=op.f("ck_desk_day_opens_before_closing")
        ),
    )


def _facts() -> None:
    op.create_table(
        "desk_move",
        *_of_desk("desk_move"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.String(32), nullable=True),
        sa.Column("after", sa.String(32), nullable=False),
        sa.Column("actor_kind", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("lacking", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(f"before IN {STATES}", name=op.f("ck_desk_move_before")),
        sa.CheckConstraint(f"after IN {STATES}", name=op.f("ck_desk_move_after")),
        sa.CheckConstraint(f"actor_kind IN {ACTORS}", name=op.f("ck_desk_move_actorkind")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_desk_move_account_id")),
    )
    op.create_index("ix_desk_move_desk_id", "desk_move", ["tenant_id", "desk_id"])
    op.create_table(
        "gate_proof",
        *_of_desk("gate_proof"),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_gate_proof_account_id")),
    )
    op.create_index("ix_gate_proof_desk_id", "gate_proof", ["tenant_id", "desk_id", "key"])


def _of_desk(table: str) -> list[sa.schema.SchemaItem]:
    """The key, and the desk that a row belongs to."""
    return [
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "desk_id"],
            ["desk.tenant_id", "desk.id"],
            name=op.f(f"fk_{table}_tenant_id_desk_id"),
        ),
    ]
