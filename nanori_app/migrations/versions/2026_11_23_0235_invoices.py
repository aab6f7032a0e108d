"""Invoices: who issues, who pays, months' runs, documents that never change once they have a number."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "invoices"
down_revision = "closed_months"
branch_labels = None
depends_on = None

TENANT_OWNED = ("invoice_run", "invoice", "invoice_line", "invoice_paper")
RATES = ("standard", "reduced", "exempt", "outside")
KINDS = ("base", "set_up", "usage", "commitment", "option", "credit", "other")

INVOICE_IS_FINAL = """
CREATE FUNCTION invoice_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE billed bigint;
BEGIN
    IF OLD.state = 'issued' THEN
        RAISE EXCEPTION 'an issued invoice never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.state = 'issued' THEN
        SELECT coalesce(sum(amount), 0) INTO billed FROM invoice_line
        WHERE tenant_id = NEW.tenant_id AND invoice_id = NEW.id;
        IF billed <> (CASE WHEN NEW.with_tax THEN NEW.total ELSE NEW.net END) THEN
            RAISE EXCEPTION 'an invoice is the sum of its lines'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$
"""
LINE_IS_FINAL = """
CREATE FUNCTION invoice_line_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state_now text;
BEGIN
    FOR state_now IN
        SELECT state FROM invoice
        WHERE tenant_id IN (OLD.tenant_id, NEW.tenant_id) AND id IN (OLD.invoice_id, NEW.invoice_id)
        FOR SHARE  -- who issues it at the same time is waited for
    LOOP
        IF state_now = 'issued' THEN
            RAISE EXCEPTION 'the lines of an issued invoice never change'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN coalesce(NEW, OLD);
END $$
"""
TRIGGERS = (
    INVOICE_IS_FINAL,
    LINE_IS_FINAL,
    """CREATE TRIGGER invoice_is_final BEFORE UPDATE OR DELETE ON invoice
    FOR EACH ROW EXECUTE FUNCTION invoice_is_final()""",
    """CREATE TRIGGER invoice_line_is_final BEFORE INSERT OR UPDATE OR DELETE ON invoice_line
    FOR EACH ROW EXECUTE FUNCTION invoice_line_is_final()""",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _operators()
    _payer_shop()
    _run()
    _invoice()
    _line()
    _paper()
    for table in TENANT_OWNED:
        protect(table)
    for statement in TRIGGERS:
        op.execute(statement)


def _operators() -> None:
    op.create_table(
        "invoice_issuer",
        sa.Column("valid_from", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("name", "registration", "postal_code", "address", "phone", "bank_account")
        ),
        sa.Column("rounding", _one_of("rounding", "floor", "ceil", "half_up"), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "registration ~ '^T[0-9]{13}$'", name=op.f("ck_invoice_issuer_registration_has_its_shape")
        ),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("pk_invoice_issuer")),
    )
    op.create_table(
        "invoice_payer",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("name", "department", "postal_code", "address", "registration", "locale")
        ),
        sa.Column("due_months", sa.Integer(), nullable=False),
        sa.Column("due_day", sa.Integer(), nullable=False),
        sa.Column("due_shift", _one_of("shift", "next", "previous", "stay"), nullable=False),
        sa.CheckConstraint(
            "due_months BETWEEN 0 AND 6 AND due_day BETWEEN 1 AND 31",
            name=op.f("ck_invoice_payer_due_day_is_in_a_month"),
        ),
        sa.CheckConstraint("locale IN ('ja', 'en')", name=op.f("ck_invoice_payer_locale_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_payer")),
    )
    op.create_table(
        "invoice_counter",
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_invoice_counter")),
    )


def _payer_shop() -> None:
    op.create_table(
        "invoice_payer_shop",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["tenant.tenant_id"], name=op.f("fk_invoice_payer_shop_shop_id")
        ),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["invoice_payer.id"], name=op.f("fk_invoice_payer_shop_payer_id")
        ),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_invoice_payer_shop")),
    )
    op.create_index(
        "uq_invoice_payer_shop_leads", "invoice_payer_shop", ["payer_id"], unique=True,
        postgresql_where="leads",
    )  # fmt: skip


def _run() -> None:
    op.create_table(
        "invoice_run",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", _one_of("runstate", "queued", "drafted", "issued", "failed"), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        *_owned("invoice_run"),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("ck_invoice_run_month_is_its_first_day")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_invoice_run_tenant_id")),
        sa.UniqueConstraint("tenant_id", "month", name=op.f("uq_invoice_run_tenant_id_month")),
    )


def _invoice() -> None:
    op.create_table(
        "invoice",
        sa.Column("kind", _one_of("kind", "invoice", "corrected", "return"), nullable=False),
        sa.Column("state", _one_of("state", "draft", "issued"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counterparty", sa.String(), nullable=False),
        sa.Column("issuer", postgresql.JSONB(), nullable=False),
        sa.Column("payer", postgresql.JSONB(), nullable=False),
        sa.Column("with_tax", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("net", "tax", "total")),
        sa.Column("refers_to_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        *_owned("invoice"),
        *_invoice_checks(),
    )
    _invoice_indexes()


def _invoice_checks() -> tuple[sa.Constraint, ...]:
    return (
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("ck_invoice_month_is_its_first_day")),
        sa.CheckConstraint("total = net + tax", name=op.f("ck_invoice_total_is_net_and_tax")),
        sa.CheckConstraint(
            "(state = 'issued') = (number IS NOT NULL)"
            " AND (state = 'issued') = (issued_on IS NOT NULL AND issued_at IS NOT NULL)",
            name=op.f("ck_invoice_issued_with_its_number"),
        ),
        sa.CheckConstraint(
            "(kind = 'invoice') = (refers_to_id IS NULL)", name=op.f("ck_invoice_later_ones_refer")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_invoice_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "refers_to_id"],
            ["invoice.tenant_id", "invoice.id"],
            name=op.f("fk_invoice_tenant_id_refers_to_id"),
        ),
    )


def _invoice_indexes() -> None:
    op.create_index("uq_invoice_number", "invoice", ["number"], unique=True)
    op.create_index(
        "uq_invoice_month", "invoice", ["tenant_id", "month"], unique=True,
        postgresql_where="kind = 'invoice'",
    )  # fmt: skip
    op.create_index(
        "uq_invoice_corrected", "invoice", ["tenant_id", "refers_to_id"], unique=True,
        postgresql_where="kind = 'corrected'",
    )  # fmt: skip
    op.create_index("ix_invoice_refers_to", "invoice", ["tenant_id", "refers_to_id"])
    op.create_index("ix_invoice_total", "invoice", ["total"])
    op.create_index("ix_invoice_issued_on", "invoice", ["issued_on"])


def _line() -> None:
    op.create_table(
        "invoice_line",
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("kind", _one_of("chargekind", *KINDS), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("unit_price", sa.Numeric(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("rate", _one_of("taxrate", *RATES), nullable=False),
        sa.Column("ledger_ids", postgresql.JSONB(), nullable=False),
        *_owned("invoice_line"),
        _of_invoice("invoice_line", ondelete="CASCADE"),
        sa.UniqueConstraint(
            "tenant_id", "invoice_id", "position",
            name=op.f("uq_invoice_line_tenant_id_invoice_id_position"),
        ),
    )  # fmt: skip


def _paper() -> None:
    files = ("pdf_file_id", "xml_file_id", "statement_file_id")
    op.create_table(
        "invoice_paper",
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in files),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        *_owned("invoice_paper"),
        _of_invoice("invoice_paper"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", name], ["file.tenant_id", "file.id"],
                name=op.f(f"fk_invoice_paper_tenant_id_{name}"),
            )
            for name in files
        ),
        sa.UniqueConstraint("tenant_id", "invoice_id", name=op.f("uq_invoice_paper_tenant_id_invoice_id")),
    )  # fmt: skip


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, native_enum=False, create_constraint=True, length=32, name=name)


def _owned(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def _of_invoice(table: str, ondelete: str | None = None) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "invoice_id"],
        ["invoice.tenant_id", "invoice.id"],
        name=op.f(f"fk_{table}_tenant_id_invoice_id"),
        ondelete=ondelete,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("invoice_paper")
    op.drop_table("invoice_line")
    op.drop_table("invoice")
    op.drop_table("invoice_run")
    op.execute("DROP FUNCTION invoice_line_is_final()")
    op.execute("DROP FUNCTION invoice_is_final()")
    for table in ("invoice_payer_shop", "invoice_payer", "invoice_issuer", "invoice_counter"):
        op.drop_table(table)
