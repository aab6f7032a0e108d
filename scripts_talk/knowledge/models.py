"""Tables of a shop's knowledge."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nanori.db import Base, TenantOwned, stored_as_text
from scripts_talk.knowledge.values import ArticleKind, RemarkKind, UseKind, VersionState

OF_SHOP = (["tenant_id"], ["tenant.tenant_id"])
OF_ARTICLE = (["tenant_id", "article_id"], ["article.tenant_id", "article.id"])
OF_VERSION = (["tenant_id", "version_id"], ["article_version.tenant_id", "article_version.id"])
OF_INTERACTION = (["tenant_id", "interaction_id"], ["interaction.tenant_id", "interaction.id"])


class KnowledgeRules(Base):
    """How a shop wants its knowledge handled; a shop without a row has the defaults."""

    __tablename__ = "knowledge_rules"
    __table_args__ = (ForeignKeyConstraint(*OF_SHOP),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    approves: Mapped[bool] = mapped_column(default=False)  # the merchant, before anything is published
    has_public_page: Mapped[bool] = mapped_column(default=False)  # /faq/<the shop's short name>
    may_be_indexed: Mapped[bool] = mapped_column(default=False)  # by search engines


class Article(TenantOwned, Base):
    """What agents answer to one question of one shop's shoppers, or must know about the shop."""

    __tablename__ = "article"
    __table_args__ = (ForeignKeyConstraint(*OF_SHOP),)

    kind: Mapped[ArticleKind] = mapped_column(stored_as_text(ArticleKind))
    is_public: Mapped[bool] = mapped_column(default=False)  # on the shop's public page
    asks_readers: Mapped[bool] = mapped_column(default=False)  # to confirm it, as a notice always does
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class ArticleVersion(TenantOwned, Base):
    """One wording of an article. The database keeps the words of a published one as they are."""

    __tablename__ = "article_version"
    __table_args__ = (
        ForeignKeyConstraint(*OF_ARTICLE),
        UniqueConstraint("tenant_id", "article_id", "number"),
        CheckConstraint("title <> ''", name="title_is_there"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_at_a_time"),
        Index(
            "uq_article_version_published", "tenant_id", "article_id",
            unique=True, postgresql_where="state = 'published'",
        ),
        Index(
            "uq_article_version_written", "tenant_id", "article_id",
            unique=True, postgresql_where="state IN ('draft', 'submitted')",
        ),
    )  # fmt: skip

    article_id: Mapped[UUID]
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(stored_as_text(VersionState))
    title: Mapped[str]
    body: Mapped[str]  # Markdown
    keywords: Mapped[str] = mapped_column(default="")  # other words that shoppers use for it
    searched_title: Mapped[str]  # title and keywords, as matching.searchable writes them
    searched: Mapped[str]  # the same with the body
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    @property
    def is_for_the_shop(self) -> bool:
        """Its people see what was or is in force, and what waits for their word."""
        return self.state is VersionState.SUBMITTED or self.published_at is not None


class ArticleRemark(TenantOwned, Base):
    """What the merchant says about a version: a comment, a yes or a no."""

    __tablename__ = "article_remark"
    __table_args__ = (
        ForeignKeyConstraint(*OF_VERSION),
        Index("ix_article_remark_version", "tenant_id", "version_id"),
        CheckConstraint("kind = 'approved' OR text <> ''", name="a_no_has_a_reason"),
    )

    version_id: Mapped[UUID]
    kind: Mapped[RemarkKind] = mapped_column(stored_as_text(RemarkKind))
    text: Mapped[str] = mapped_column(default="")
    said_by: Mapped[UUID]  # the account; its table is not the portal's to look into
    said_at: Mapped[datetime]


class ReadReceipt(TenantOwned, Base):
    """An agent has read a version."""

    __tablename__ = "read_receipt"
    __table_args__ = (
        ForeignKeyConstraint(*OF_VERSION),
        UniqueConstraint("tenant_id", "version_id", "agent_id"),
    )

    version_id: Mapped[UUID]
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class ArticleUse(TenantOwned, Base):
    """An article was opened, or its words were sent, in one contact. A contact counts once for each."""

    __tablename__ = "article_use"
    __table_args__ = (
        ForeignKeyConstraint(*OF_ARTICLE),
        ForeignKeyConstraint(*OF_VERSION),
        ForeignKeyConstraint(*OF_INTERACTION),
        UniqueConstraint("tenant_id", "interaction_id", "article_id", "how"),
        Index("ix_article_use_at", "tenant_id", "at"),
    )

    article_id: Mapped[UUID]
    version_id: Mapped[UUID]  # that was in force
    interaction_id: Mapped[UUID]  # of the interactions room, above this one
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    how: Mapped[UseKind] = mapped_column(stored_as_text(UseKind))
    at: Mapped[datetime]


class OpenQuestion(TenantOwned, Base):
    """What an agent searched for in a contact and found no answer to."""

    __tablename__ = "open_question"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(*OF_ARTICLE),
        ForeignKeyConstraint(*OF_INTERACTION),
        CheckConstraint("asked <> ''", name="something_is_asked"),
        CheckConstraint("article_id IS NULL OR settled_at IS NOT NULL", name="answered_is_settled"),
        Index("ix_open_question_open", "tenant_id", "asked_at", postgresql_where="settled_at IS NULL"),
        Index("ix_open_question_interaction", "tenant_id", "interaction_id"),
    )

    asked: Mapped[str]
    interaction_id: Mapped[UUID | None]  # of the interactions room, above this one
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    article_id: Mapped[UUID | None]  # that answers it
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
