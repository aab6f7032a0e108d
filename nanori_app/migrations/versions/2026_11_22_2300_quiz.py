"""A shop's quiz: rules, questions, sittings and certificates; desks that ask for one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "quiz"
down_revision = "orders"
branch_labels = None
depends_on = None

TENANT_OWNED = ("quiz_rules", "quiz_question", "quiz_sitting", "certificate")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _rules()
    _question()
    _sitting()
    _certificate()
    for table in TENANT_OWNED:
        protect(table)
    op.add_column(
        "desk", sa.Column("needs_certificate", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.alter_column("desk", "needs_certificate", server_default=None)


def _rules() -> None:
    op.create_table(
        "quiz_rules",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("valid_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("pass_percent BETWEEN 1 AND 100", name=op.f("ck_quiz_rules_mark_is_a_share")),
        sa.CheckConstraint("questions > 0 AND valid_days > 0", name=op.f("ck_quiz_rules_figures_are_sane")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_quiz_rules_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_quiz_rules")),
    )


def _question() -> None:
    op.create_table(
        "quiz_question",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("choices", postgresql.JSONB(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doubtful_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        *_owned("quiz_question"),
        _of_article("quiz_question"),
        sa.CheckConstraint("asked <> ''", name=op.f("ck_quiz_question_something_is_asked")),
    )
    op.create_index("ix_quiz_question_article", "quiz_question", ["tenant_id", "article_id"])


def _sitting() -> None:
    op.create_table(
        "quiz_sitting",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("sheet", postgresql.JSONB(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("right_answers", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        *_owned("quiz_sitting"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_quiz_sitting_tenant_id")),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_quiz_sitting_agent_id")),
        sa.CheckConstraint(
            "(judged_at IS NULL) = (right_answers IS NULL) AND (judged_at IS NULL) = (passed IS NULL)",
            name=op.f("ck_quiz_sitting_judged_as_a_whole"),
        ),
    )
    op.create_index(
        "uq_quiz_sitting_open", "quiz_sitting", ["tenant_id", "agent_id"],
        unique=True, postgresql_where="judged_at IS NULL",
    )  # fmt: skip
    op.create_index("ix_quiz_sitting_agent", "quiz_sitting", ["tenant_id", "agent_id", "drawn_at"])


def _certificate() -> None:
    op.create_table(
        "certificate",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        *_owned("certificate"),
        _of_article("certificate"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sitting_id"],
            ["quiz_sitting.tenant_id", "quiz_sitting.id"],
            name=op.f("fk_certificate_tenant_id_sitting_id"),
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_certificate_agent_id")),
        sa.UniqueConstraint("tenant_id", "agent_id", name=op.f("uq_certificate_tenant_id_agent_id")),
        sa.CheckConstraint("passed_at < expires_at", name=op.f("ck_certificate_holds_for_a_while")),
    )


def _owned(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def _of_article(table: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "article_id"],
        ["article.tenant_id", "article.id"],
        name=op.f(f"fk_{table}_tenant_id_article_id"),
    )


def downgrade() -> None:
    op.drop_column("desk", "needs_certificate")
    for table in reversed(TENANT_OWNED):
        op.drop_table(table)
