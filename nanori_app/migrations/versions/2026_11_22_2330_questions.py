"""Questions to a shop, what happened to them, and how the shop was reached; mails that belong to no case."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "questions"
down_revision = "agents"
branch_labels = None
depends_on = None

STATES = ("asked", "acknowledged", "answered", "closed")
VERDICTS = ("approved", "refused", "other")
MOVES = ("asked", "acknowledged", "answered", "asked_again", "closed")
ACTORS = (
    "agent", "supervisor", "operator", "merchant", "shopper", "contact", "carrier", "bot", "system", "test",
)  # fmt: skip
MEDIA = ("phone", "mail", "portal")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _questions()
    _moves()
    _reaches()
    for table in ("shop_question", "question_move", "question_reach"):
        protect(table)
    op.alter_column("outbox", "message_id", nullable=True)
    op.add_column("outbox", sa.Column("sender", sa.String(), nullable=False, server_default=""))
    op.alter_column("outbox", "sender", server_default=None)
    op.create_check_constraint(
        op.f("ck_outbox_somebody_sends_it"), "outbox", "(message_id IS NULL) = (sender <> '')"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_outbox_somebody_sends_it"), "outbox")
    op.execute("DELETE FROM outbox WHERE message_id IS NULL")
    op.drop_column("outbox", "sender")
    op.alter_column("outbox", "message_id", nullable=False)
    for table in ("question_reach", "question_move", "shop_question"):
        op.drop_table(table)


def _key(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _of_question(table: str) -> list[sa.schema.SchemaItem]:
    return [
        *_key(table),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "question_id"],
            ["shop_question.tenant_id", "shop_question.id"],
            name=op.f(f"fk_{table}_tenant_id_question_id"),
        ),
        sa.UniqueConstraint(
            "tenant_id", "question_id", "seq", name=op.f(f"uq_{table}_tenant_id_question_id_seq")
        ),
    ]


def _questions() -> None:
    table = "shop_question"
    op.create_table(
        table,
        *_key(table),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("amount_yen", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", _one_of(STATES, "questionstate"), nullable=False),
        sa.Column("verdict", _one_of(VERDICTS, "verdict"), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan", postgresql.JSONB(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exhausted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "interaction_id"],
            ["interaction.tenant_id", "interaction.id"],
            name=op.f(f"fk_{table}_tenant_id_interaction_id"),
        ),
        sa.CheckConstraint("amount_yen > 0", name=op.f(f"ck_{table}_amount_is_some")),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f(f"ck_{table}_closed_has_a_time")
        ),
    )
    op.create_index(
        "uq_shop_question_open", table, ["tenant_id", "interaction_id"],
        unique=True, postgresql_where=sa.text("state <> 'closed'"),
    )  # fmt: skip
    op.create_index("ix_shop_question_due", table, ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index("ix_shop_question_asked", table, ["tenant_id", "asked_at", "id"])


def _moves() -> None:
    op.create_table(
        "question_move",
        *_of_question("question_move"),
        sa.Column("kind", _one_of(MOVES, "movekind"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", _one_of(ACTORS, "actorkind"), nullable=False),
        sa.Column("logged", sa.Boolean(), nullable=False),
    )


def _reaches() -> None:
    op.create_table(
        "question_reach",
        *_of_question("question_reach"),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("time", sa.Integer(), nullable=False),
        sa.Column("medium", _one_of(MEDIA, "medium"), nullable=False),
        sa.Column("people", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
    )
