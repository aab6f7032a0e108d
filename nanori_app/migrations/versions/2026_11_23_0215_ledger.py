"""Plans and their versions, agreements, the usage ledger and credits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "ledger"
down_revision = "shopify"
branch_labels = None
depends_on = None

NEW = ("agreement", "ledger_month", "usage_line", "credit")
RULES = (
    "answered", "replied", "message", "our_call", "first_of_case", "still_open", "abandoned", "closed",
    "announcement", "queue_full", "message_free", "callback_asked", "blocked", "machine", "not_reached",
    "our_call_free", "no_reply_needed", "answered_together", "too_short", "wrong_number", "sales", "silent",
    "test", "our_fault", "later_in_case", "not_priced", "no_agreement",
)  # fmt: skip
OUTCOMES = (
    "answered", "abandoned", "out_of_hours", "voicemail", "overflow", "ivr_self_served", "blocked", "test",
    "system_fault", "replied", "no_action", "callback", "not_reached",
)  # fmt: skip
SEALED = """
CREATE FUNCTION keep_sealed_month() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.ledger_month m
        WHERE m.tenant_id = NEW.tenant_id AND m.month = NEW.booked AND m.sealed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'the month % is sealed', NEW.booked USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _plans()
    _agreement()
    _ledger_month()
    _usage_line()
    _credit()
    op.execute(SEALED)
    for table in ("usage_line", "credit"):
        op.execute(
            f"CREATE TRIGGER sealed_months_stay BEFORE INSERT ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION keep_sealed_month()"
        )
    for table in NEW:
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(NEW):
        op.drop_table(table)
    op.execute("DROP FUNCTION keep_sealed_month()")
    op.drop_table("plan_version")
    op.drop_table("plan")


def _plans() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("name", name=op.f("uq_plan_name")),
    )
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        *_made("plan_version"),
        sa.CheckConstraint(
            "announced_on <= valid_from OR number = 1", name=op.f("ck_plan_version_announced_before_it_holds")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
        sa.UniqueConstraint("plan_id", "valid_from", name=op.f("uq_plan_version_plan_id_valid_from")),
    )


def _agreement() -> None:
    op.create_table(
        "agreement",
        *_of_shop("agreement"),
        *_desk("agreement"),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("options", postgresql.JSONB(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("with_set_up", sa.Boolean(), nullable=False),
        *_made("agreement"),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_agreement_begins_before_it_ends")),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_agreement_seats_are_a_number")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_agreement_plan_id")),
        postgresql.ExcludeConstraint(
            (sa.column("tenant_id"), "="),
            (sa.text("coalesce(desk_id, '00000000-0000-0000-0000-000000000000'::uuid)"), "="),
            (sa.text("daterange(valid_from, valid_until)"), "&&"),
            name="agreements_do_not_overlap",
            using="gist",
        ),
    )
    op.create_index("ix_agreement_plan_id", "agreement", ["plan_id"])


def _ledger_month() -> None:
    op.create_table(
        "ledger_month",
        *_of_shop("ledger_month"),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alerted_percent", sa.Integer(), nullable=False),
        sa.Column("summary", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "extract(day FROM month) = 1", name=op.f("ck_ledger_month_month_is_its_first_day")
        ),
        sa.CheckConstraint(
            "sealed_at IS NULL OR due_at IS NULL", name=op.f("ck_ledger_month_sealed_is_counted_no_more")
        ),
        sa.UniqueConstraint("tenant_id", "month", name=op.f("uq_ledger_month_tenant_id_month")),
    )
    op.create_index(
        "ix_ledger_month_due", "ledger_month", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL")
    )


def _usage_line() -> None:
    op.create_table(
        "usage_line",
        *_key("usage_line"),
        *_desk("usage_line"),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        _words("meter", "meter", "call", "mail", "case", "minute", "hour", "seat"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_counter", sa.Boolean(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("booked", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=True),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        _words("rule", "rule", *RULES),
        sa.Column("is_billed", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.Numeric(14, 4), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _words("channel", "channel", "phone", "mail"),
        _words("direction", "direction", "inbound", "outbound"),
        _words("party", "partykind", "human", "bot", "test"),
        _words("outcome", "outcome", *OUTCOMES, nullable=True),
        _words(
            "nature", "nature", "wrong_number", "sales", "silent", "test", "our_fault", nullable=True
        ),
        sa.Column("talk_s", sa.Integer(), nullable=False),
        sa.Column("handled_s", sa.Integer(), nullable=False),
        sa.Column("is_first_of_case", sa.Boolean(), nullable=False),
        sa.Column("answered_together", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        *_usage_checks(),
        sa.ForeignKeyConstraint(
            ["tenant_id", "interaction_id"], ["interaction.tenant_id", "interaction.id"],
            name=op.f("fk_usage_line_tenant_id_interaction_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"], ["agreement.tenant_id", "agreement.id"],
            name=op.f("fk_usage_line_tenant_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["plan_version.id"], name=op.f("fk_usage_line_version_id")
        ),
        sa.UniqueConstraint(
            "tenant_id", "interaction_id", "meter", "revision", "is_counter",
            name=op.f("uq_usage_line_tenant_id_interaction_id_meter_revision_is_counter"),
        ),
    )  # fmt: skip
    op.create_index("ix_usage_line_booked", "usage_line", ["tenant_id", "booked", "at", "id"])
    op.create_index("ix_usage_line_month", "usage_line", ["tenant_id", "month"])


def _usage_checks() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(said, name=op.f(f"ck_usage_line_{name}"))
        for name, said in (
            ("month_is_its_first_day", "extract(day FROM month) = 1"),
            ("booked_is_its_first_day", "extract(day FROM booked) = 1"),
            ("booked_in_its_month_or_later", "booked >= month"),
            ("not_billed_counts_nothing", "is_billed OR quantity = 0"),
        )
    ]


def _credit() -> None:
    op.create_table(
        "credit",
        *_of_shop("credit"),
        *_desk("credit"),
        sa.Column("booked", sa.Date(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("amount_yen", sa.Integer(), nullable=False),
        _words("rate", "taxrate", "standard", "reduced", "exempt", "outside"),
        *_made("credit"),
        sa.CheckConstraint("extract(day FROM booked) = 1", name=op.f("ck_credit_booked_is_its_first_day")),
        sa.CheckConstraint("amount_yen <> 0", name=op.f("ck_credit_amount_is_something")),
    )
    op.create_index("ix_credit_booked", "credit", ["tenant_id", "booked"])


def _key(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]


def _of_shop(table: str) -> list[sa.schema.SchemaItem]:
    return [
        *_key(table),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f(f"fk_{table}_tenant_id")),
    ]


def _desk(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("desk_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"],
            name=op.f(f"fk_{table}_tenant_id_desk_id"),
        ),
    ]  # fmt: skip


def _made(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f(f"fk_{table}_made_by")),
    ]


def _words(column: str, name: str, *values: str, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=nullable)
