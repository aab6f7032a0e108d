"""The running month for the portal, and how reports reach a shop's people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "portal"
down_revision = "invoices"
branch_labels = None
depends_on = None

TABLES = ("month_so_far", "report_plan", "report_approval", "report_letter", "shop_wish")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _month_so_far()
    _report_plan()
    _report_approval()
    _report_letter()
    _shop_wish()
    for table in TABLES:
        protect(table)


def _month_so_far() -> None:
    op.create_table(
        "month_so_far",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("counted_at", MOMENT, nullable=True),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("figures", postgresql.JSONB(), nullable=True),
        sa.Column("patterns", postgresql.JSONB(), nullable=False),
        sa.Column("records", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "(counted_at IS NULL) = (figures IS NULL) AND (counted_at IS NULL) = (month IS NULL)",
            name=op.f("ck_month_so_far_counted_has_figures"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_month_so_far_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_month_so_far")),
    )
    op.create_index(
        "ix_month_so_far_asked", "month_so_far", ["asked_at"],
        postgresql_where="counted_at IS NULL OR counted_at < asked_at",
    )  # fmt: skip


def _report_plan() -> None:
    op.create_table(
        "report_plan",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("encloses", sa.Boolean(), nullable=False),
        sa.Column("unasked", sa.Boolean(), nullable=False),
        sa.Column("recipients", postgresql.JSONB(), nullable=False),
        sa.Column("made_for", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "day BETWEEN 1 AND 28 AND extract(day FROM made_for) = 1",
            name=op.f("ck_report_plan_day_is_in_every_month"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_report_plan_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_report_plan")),
    )


def _report_approval() -> None:
    op.create_table(
        "report_approval",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_report_approval_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"], ["file.tenant_id", "file.id"],
            name=op.f("fk_report_approval_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_report_approval_by")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_report_approval")),
        sa.UniqueConstraint("tenant_id", "file_id", name=op.f("uq_report_approval_tenant_id_file_id")),
    )  # fmt: skip


def _report_letter() -> None:
    op.create_table(
        "report_letter",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("encloses", sa.Boolean(), nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "seq >= 1 AND extract(day FROM month) = 1", name=op.f("ck_report_letter_letters_are_numbered")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_report_letter_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"], ["file.tenant_id", "file.id"],
            name=op.f("fk_report_letter_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"], ["outbox.tenant_id", "outbox.id"],
            name=op.f("fk_report_letter_tenant_id_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_report_letter")),
        sa.UniqueConstraint(
            "tenant_id", "month", "recipient", "seq",
            name=op.f("uq_report_letter_tenant_id_month_recipient_seq"),
        ),
    )  # fmt: skip
    op.create_index("ix_report_letter_month", "report_letter", ["month", "tenant_id"])


def _shop_wish() -> None:
    op.create_table(
        "shop_wish",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", _kind("wishkind", "hours", "contacts", "words", "other"), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", _kind("wishstate", "asked", "done", "declined"), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_shop_wish_something_is_wished")),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_shop_wish_decided_has_a_time")
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR answer <> ''", name=op.f("ck_shop_wish_a_no_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_shop_wish_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_shop_wish")),
    )
    op.create_index("ix_shop_wish_asked", "shop_wish", ["tenant_id", "asked_at", "id"])
    op.create_index("ix_shop_wish_open", "shop_wish", ["asked_at"], postgresql_where="state = 'asked'")


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
