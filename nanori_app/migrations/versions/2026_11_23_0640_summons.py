"""The telephone reaches the shop's people about a question: by a call or a text."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import bind_every_shop, protect

revision = "summons"
down_revision = "views"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OLD, NEW = ("phone", "mail", "portal"), ("phone", "sms", "mail", "portal")
STATES = ("waiting", "todo", "sending", "sent", "reached", "failed", "given_up")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    bind_every_shop()
    _media(NEW)
    op.create_table(
        "summons",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reach_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("medium", _one_of(NEW, "medium"), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("state", _one_of(STATES, "summonsstate"), nullable=False),
        sa.Column("sid", sa.String(), nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint("medium IN ('phone', 'sms')", name=op.f("ck_summons_telephones_only")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reach_id"], ["question_reach.tenant_id", "question_reach.id"],
            name=op.f("fk_summons_tenant_id_reach_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_summons")),
        sa.UniqueConstraint(
            "tenant_id", "reach_id", "position", name=op.f("uq_summons_tenant_id_reach_id_position")
        ),
    )  # fmt: skip
    op.create_index(
        "ix_summons_due", "summons", ["due_at"], postgresql_where="state IN ('todo', 'sending', 'sent')"
    )
    protect("summons")


def _media(values: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{one}'" for one in values)
    for table in ("escalation_step", "question_reach"):
        op.drop_constraint(op.f(f"ck_{table}_medium"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_medium"), table, f"medium IN ({listed})")


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade() -> None:
    op.drop_table("summons")
    bind_every_shop()
    op.execute("UPDATE escalation_step SET medium = 'phone' WHERE medium = 'sms'")
    op.execute("UPDATE question_reach SET medium = 'phone' WHERE medium = 'sms'")
    _media(OLD)
