"""What agents may answer: articles with versions, who has read and used them, and open questions."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import protect

revision = "knowledge"
down_revision = "message_search"
branch_labels = None
depends_on = None

TENANT_OWNED = (
    "article",
    "knowledge_rules",
    "article_version",
    "article_remark",
    "read_receipt",
    "article_use",
    "open_question",
)

KEEP = """
CREATE FUNCTION keep_published_article() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF OLD.published_at IS NOT NULL AND (
        NEW.state NOT IN ('published', 'retired')
        OR (NEW.title, NEW.body, NEW.keywords, NEW.number, NEW.article_id, NEW.published_at)
        IS DISTINCT FROM (OLD.title, OLD.body, OLD.keywords, OLD.number, OLD.article_id, OLD.published_at)
    ) THEN
        RAISE EXCEPTION 'a published version keeps its words' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
ON_CHANGE = """
CREATE TRIGGER kept_as_published BEFORE UPDATE ON article_version
FOR EACH ROW EXECUTE FUNCTION keep_published_article()
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "article",
        sa.Column(
            "kind",
            sa.Enum(
                "faq",
                "policy",
                "return_terms",
                "notice",
                name="articlekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_article_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_article")),
    )
    op.create_table(
        "knowledge_rules",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("approves", sa.Boolean(), nullable=False),
        sa.Column("has_public_page", sa.Boolean(), nullable=False),
        sa.Column("may_be_indexed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_knowledge_rules_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_knowledge_rules")),
    )
    op.create_table(
        "article_version",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "published",
                "retired",
                name="versionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("keywords", sa.String(), nullable=False),
        sa.Column("searched_title", sa.String(), nullable=False),
        sa.Column("searched", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL",
            name=op.f("ck_article_version_published_at_a_time"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_article_version_title_is_there")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "article_id"],
            ["article.tenant_id", "article.id"],
            name=op.f("fk_article_version_tenant_id_article_id"),
        ),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_article_version_written_by")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_article_version")),
        sa.UniqueConstraint(
            "tenant_id", "article_id", "number", name=op.f("uq_article_version_tenant_id_article_id_number")
        ),
    )
    op.create_index(
        "uq_article_version_published",
        "article_version",
        ["tenant_id", "article_id"],
        unique=True,
        postgresql_where="state = 'published'",
    )
    op.create_index(
        "uq_article_version_written",
        "article_version",
        ["tenant_id", "article_id"],
        unique=True,
        postgresql_where="state IN ('draft', 'submitted')",
    )
    op.create_table(
        "article_remark",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "comment",
                "approved",
                "returned",
                name="remarkkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind = 'approved' OR text <> ''", name=op.f("ck_article_remark_a_no_has_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["article_version.tenant_id", "article_version.id"],
            name=op.f("fk_article_remark_tenant_id_version_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_article_remark")),
    )
    op.create_index("ix_article_remark_version", "article_remark", ["tenant_id", "version_id"], unique=False)
    op.create_table(
        "read_receipt",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_read_receipt_agent_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["article_version.tenant_id", "article_version.id"],
            name=op.f("fk_read_receipt_tenant_id_version_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_read_receipt")),
        sa.UniqueConstraint(
            "tenant_id", "version_id", "agent_id", name=op.f("uq_read_receipt_tenant_id_version_id_agent_id")
        ),
    )
    op.create_table(
        "article_use",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "opened", "inserted", name="usekind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_article_use_agent_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "article_id"],
            ["article.tenant_id", "article.id"],
            name=op.f("fk_article_use_tenant_id_article_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "interaction_id"],
            ["interaction.tenant_id", "interaction.id"],
            name=op.f("fk_article_use_tenant_id_interaction_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["article_version.tenant_id", "article_version.id"],
            name=op.f("fk_article_use_tenant_id_version_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_article_use")),
        sa.UniqueConstraint(
            "tenant_id",
            "interaction_id",
            "article_id",
            "how",
            name=op.f("uq_article_use_tenant_id_interaction_id_article_id_how"),
        ),
    )
    op.create_index("ix_article_use_at", "article_use", ["tenant_id", "at"], unique=False)
    op.create_table(
        "open_question",
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("asked <> ''", name=op.f("ck_open_question_something_is_asked")),
        sa.CheckConstraint(
            "article_id IS NULL OR settled_at IS NOT NULL", name=op.f("ck_open_question_answered_is_settled")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_open_question_agent_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["account.id"], name=op.f("fk_open_question_settled_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "article_id"],
            ["article.tenant_id", "article.id"],
            name=op.f("fk_open_question_tenant_id_article_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "interaction_id"],
            ["interaction.tenant_id", "interaction.id"],
            name=op.f("fk_open_question_tenant_id_interaction_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_open_question_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_open_question")),
    )
    op.create_index(
        "ix_open_question_interaction", "open_question", ["tenant_id", "interaction_id"], unique=False
    )
    op.create_index(
        "ix_open_question_open",
        "open_question",
        ["tenant_id", "asked_at"],
        unique=False,
        postgresql_where="settled_at IS NULL",
    )

    for table in TENANT_OWNED:
        protect(table)
    op.execute(KEEP)
    op.execute(ON_CHANGE)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER kept_as_published ON article_version")
    op.execute("DROP FUNCTION keep_published_article()")
    for table in (
        "open_question",
        "article_use",
        "read_receipt",
        "article_remark",
        "article_version",
        "knowledge_rules",
        "article",
    ):
        op.drop_table(table)
