"""Closed months: frozen figures, the records behind them, and how far each close has come."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "closed_months"
down_revision = "ledger"
branch_labels = None
depends_on = None

FIRST_DAY = "extract(day FROM month) = 1"
FROZEN = """
CREATE FUNCTION stays_frozen() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'a closed month never changes' USING ERRCODE = 'restrict_violation';
END $$
"""
COMPLETE = """
CREATE FUNCTION closed_month_is_complete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.records <> (
        SELECT count(*) FROM closed_fact AS one
        WHERE (one.tenant_id, one.month, one.edition) = (NEW.tenant_id, NEW.month, NEW.edition)
    ) THEN
        RAISE EXCEPTION 'a month is closed over all its records' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.edition > 1 AND NOT EXISTS (
        SELECT 1 FROM closed_month AS one
        WHERE (one.tenant_id, one.month, one.edition) = (NEW.tenant_id, NEW.month, NEW.edition - 1)
    ) THEN
        RAISE EXCEPTION 'editions have no gaps' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""
NO_LATER = """
CREATE FUNCTION closed_month_has_no_later_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added JOIN closed_month USING (tenant_id, month, edition)) THEN
        RAISE EXCEPTION 'a closed month has no later record' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _closed_month()
    _closed_fact()
    _month_close()
    op.execute(FROZEN)
    for table in ("closed_month", "closed_fact"):
        op.execute(
            f"CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION stays_frozen()"
        )
    op.execute(COMPLETE)
    op.execute(
        "CREATE TRIGGER complete AFTER INSERT ON closed_month"
        " FOR EACH ROW EXECUTE FUNCTION closed_month_is_complete()"
    )
    op.execute(NO_LATER)
    op.execute(
        "CREATE TRIGGER no_later AFTER INSERT ON closed_fact REFERENCING NEW TABLE AS added"
        " FOR EACH STATEMENT EXECUTE FUNCTION closed_month_has_no_later_record()"
    )
    for table in ("closed_month", "closed_fact", "month_close"):
        protect(table)


def _closed_month() -> None:
    op.create_table(
        "closed_month",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("formulas", sa.Integer(), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("patterns", postgresql.JSONB(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(FIRST_DAY, name=op.f("ck_closed_month_month_is_its_first_day")),
        sa.CheckConstraint("edition >= 1 AND records >= 0", name=op.f("ck_closed_month_counts_are_counts")),
        sa.CheckConstraint(
            "(edition = 1) = (reason = '')", name=op.f("ck_closed_month_a_restatement_has_a_reason")
        ),
        sa.CheckConstraint("content_hash ~ '^[0-9a-f]{64}$'", name=op.f("ck_closed_month_hash_is_sha256")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_closed_month_tenant_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["account.id"], name=op.f("fk_closed_month_closed_by")),
        sa.PrimaryKeyConstraint("tenant_id", "month", "edition", name=op.f("pk_closed_month")),
    )


def _closed_fact() -> None:
    op.create_table(
        "closed_fact",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("pattern", sa.Integer(), nullable=False),
        sa.Column("fact", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_closed_fact_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "month", "edition"],
            ["closed_month.tenant_id", "closed_month.month", "closed_month.edition"],
            name=op.f("fk_closed_fact_tenant_id_month_edition"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "month", "edition", "number", name=op.f("pk_closed_fact")),
    )


def _month_close() -> None:
    op.create_table(
        "month_close",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "closing",
                "closed",
                "restated",
                "reopened",
                name="monthstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(FIRST_DAY, name=op.f("ck_month_close_month_is_its_first_day")),
        sa.CheckConstraint(
            "state = 'closing' OR (state = 'open') = (edition IS NULL)",
            name=op.f("ck_month_close_closed_is_frozen"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('reopened', 'restated') OR reason <> ''",
            name=op.f("ck_month_close_reopened_with_reason"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_month_close_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "month", "edition"],
            ["closed_month.tenant_id", "closed_month.month", "closed_month.edition"],
            name=op.f("fk_month_close_tenant_id_month_edition"),
        ),
        sa.ForeignKeyConstraint(["reopened_by"], ["account.id"], name=op.f("fk_month_close_reopened_by")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_month_close")),
        sa.UniqueConstraint("tenant_id", "month", name=op.f("uq_month_close_tenant_id_month")),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("month_close", "closed_fact", "closed_month"):
        op.drop_table(table)
    for function in ("stays_frozen", "closed_month_is_complete", "closed_month_has_no_later_record"):
        op.execute(f"DROP FUNCTION {function}()")
