"""What shops change by themselves from a day on: hours of the week, single days, their people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "shop_changes"
down_revision = "same_shop"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _shop_change()
    _changed_span()
    protect("shop_change")
    protect("changed_span")


def _shop_change() -> None:
    op.create_table(
        "shop_change",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", _one_of("changekind", "week", "days", "contacts"), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("holds_until", sa.Date(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("people", postgresql.JSONB(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("state", _one_of("changestate", "stands", "held", "withdrawn", "done"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        *_checks(),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_shop_change_tenant_id")),
        postgresql.ExcludeConstraint(
            (sa.literal_column("tenant_id"), "="),
            (sa.literal_column("kind"), "="),
            (sa.literal_column("daterange(holds_from, coalesce(holds_until, holds_from), '[]')"), "&&"),
            where=sa.text("state = 'stands'"),
            using="gist",
            name="changes_do_not_overlap",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_shop_change")),
    )
    op.create_index("ix_shop_change_asked", "shop_change", ["tenant_id", "asked_at", "id"])
    op.create_index("ix_shop_change_due", "shop_change", ["due_at"], postgresql_where="due_at IS NOT NULL")


def _checks() -> list[sa.CheckConstraint]:
    rules = {
        "days_have_a_last": "(kind = 'days') = (holds_until IS NOT NULL)",
        "days_are_in_order": "holds_from <= holds_until",
        "names_people": "kind <> 'contacts' OR state <> 'stands' OR people IS NOT NULL",
        "decided_has_a_time": "(state = 'stands') = (decided_at IS NULL)",
        "held_has_a_reason": "state <> 'held' OR reason <> ''",
    }
    return [sa.CheckConstraint(rule, name=op.f(f"ck_shop_change_{name}")) for name, rule in rules.items()]


def _changed_span() -> None:
    op.create_table(
        "changed_span",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 7", name=op.f("ck_changed_span_weekday_is_one")),
        sa.CheckConstraint(
            "0 <= opens AND opens < closes AND closes <= 1440",
            name=op.f("ck_changed_span_opens_before_closing"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "change_id"], ["shop_change.tenant_id", "shop_change.id"],
            name=op.f("fk_changed_span_tenant_id_change_id"),
        ),
        postgresql.ExcludeConstraint(
            (sa.literal_column("tenant_id"), "="),
            (sa.literal_column("change_id"), "="),
            (sa.literal_column("coalesce(weekday, -1)"), "="),
            (sa.literal_column("int4range(opens, closes)"), "&&"),
            using="gist",
            name="spans_do_not_overlap",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_changed_span")),
    )  # fmt: skip


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade() -> None:
    op.drop_table("changed_span")
    op.drop_table("shop_change")
