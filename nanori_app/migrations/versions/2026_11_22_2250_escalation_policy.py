"""Escalation policies, on-call periods, limits of authority, and contacts' mail addresses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "escalation_policy"
down_revision = "shifts"
branch_labels = None
depends_on = None

TABLES = ("escalation_policy", "escalation_step", "escalation_step_contact", "on_call", "authority_limit")
MEDIA = ("phone", "mail", "portal")
DAYS = ("all", "working", "off")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("contact", sa.Column("mail", sa.String(), nullable=False, server_default=""))
    op.alter_column("contact", "mail", server_default=None)
    _policy()
    _steps()
    _on_call()
    _limits()
    for table in TABLES:
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("authority_limit", "on_call", "escalation_step_contact", "escalation_step"):
        op.drop_table(table)
    op.drop_table("escalation_policy")
    op.drop_column("contact", "mail")


def _key(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]


def _to_shop_and_desk(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("desk_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "desk_id"],
            ["desk.tenant_id", "desk.id"],
            name=op.f(f"fk_{table}_tenant_id_desk_id"),
        ),
    ]


def _to_contact(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contact.tenant_id", "contact.id"],
            name=op.f(f"fk_{table}_tenant_id_contact_id"),
        ),
    ]


def _policy() -> None:
    op.create_table(
        "escalation_policy",
        *_key("escalation_policy"),
        *_to_shop_and_desk("escalation_policy"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "uq_escalation_policy_shop", "escalation_policy", ["tenant_id"],
        unique=True, postgresql_where=sa.text("desk_id IS NULL"),
    )  # fmt: skip
    op.create_index("uq_escalation_policy_desk", "escalation_policy", ["tenant_id", "desk_id"], unique=True)


def _steps() -> None:
    table = "escalation_step"
    op.create_table(
        table,
        *_key(table),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("medium", _one_of(MEDIA, "medium"), nullable=False),
        sa.Column("on_call", sa.Boolean(), nullable=False),
        sa.Column("days", _one_of(DAYS, "days"), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("wait_minutes", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "policy_id"],
            ["escalation_policy.tenant_id", "escalation_policy.id"],
            name=op.f("fk_escalation_step_tenant_id_policy_id"),
        ),
        sa.UniqueConstraint(
            "tenant_id", "policy_id", "position", name=op.f("uq_escalation_step_tenant_id_policy_id_position")
        ),
        sa.CheckConstraint(
            "(opens IS NULL) = (closes IS NULL)", name=op.f("ck_escalation_step_both_or_none")
        ),
        sa.CheckConstraint(
            "opens BETWEEN 0 AND 1439 AND closes BETWEEN 1 AND 1440 AND opens <> closes",
            name=op.f("ck_escalation_step_hours_are_some"),
        ),
        sa.CheckConstraint("wait_minutes BETWEEN 1 AND 1440", name=op.f("ck_escalation_step_wait_is_sane")),
        sa.CheckConstraint("times BETWEEN 1 AND 10", name=op.f("ck_escalation_step_times_are_sane")),
    )
    table = "escalation_step_contact"
    op.create_table(
        table,
        *_key(table),
        *_to_contact(table),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "step_id"],
            ["escalation_step.tenant_id", "escalation_step.id"],
            name=op.f(f"fk_{table}_tenant_id_step_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "tenant_id", "step_id", "contact_id", name=op.f(f"uq_{table}_tenant_id_step_id_contact_id")
        ),
    )


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _on_call() -> None:
    op.create_table(
        "on_call",
        *_key("on_call"),
        *_to_contact("on_call"),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_on_call_times_are_in_order")),
        sa.CheckConstraint("rank BETWEEN 1 AND 3", name=op.f("ck_on_call_rank_is_one")),
        postgresql.ExcludeConstraint(
            (sa.column("tenant_id"), "="),
            (sa.column("rank"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            using="gist",
            name="one_of_a_rank_at_a_time",
        ),
    )


def _limits() -> None:
    op.create_table(
        "authority_limit",
        *_key("authority_limit"),
        *_to_shop_and_desk("authority_limit"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("amount_yen", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("amount_yen > 0", name=op.f("ck_authority_limit_amount_is_some")),
        sa.CheckConstraint("subject <> ''", name=op.f("ck_authority_limit_subject_is_said")),
    )
