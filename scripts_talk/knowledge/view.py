"""Articles made ready for templates: words, marked places, and the text as a page and as a mail show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from markupsafe import Markup

from nanori.context import Context
from nanori.words import N_, words_for
from scripts_talk.knowledge.markup import to_html, to_plain
from scripts_talk.knowledge.matching import Piece, excerpt, marked, words_of
from scripts_talk.knowledge.models import Article, ArticleVersion
from scripts_talk.knowledge.search import Found
from scripts_talk.knowledge.values import ArticleKind
from tenants.models import Tenant

KINDS = {
    ArticleKind.FAQ: N_("Questions and answers"),
    ArticleKind.POLICY: N_("How we handle it"),
    ArticleKind.RETURN_TERMS: N_("Return terms"),
    ArticleKind.NOTICE: N_("Notice to agents"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """One article under the search field."""

    article_id: UUID
    kind: str
    title: Sequence[Piece]
    text: Sequence[Piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One article opened."""

    article_id: UUID
    tenant_id: UUID
    kind: str
    title: str
    html: Markup
    plain: str
    number: int
    since: str
    locale: str


def found_line(found: Found, query: str) -> FoundLine:
    words = words_of(query)
    return FoundLine(
        article_id=found.article_id,
        kind=KINDS[found.kind],
        title=marked(found.title, words),
        text=excerpt(to_plain(found.body), words),
    )


def reading(article: Article, version: ArticleVersion, shop: Tenant, context: Context) -> Reading:
    """The version as agents read it, in the shop's language, with times in the reader's."""
    return Reading(
        article_id=article.id,
        tenant_id=article.tenant_id,
        kind=KINDS[article.kind],
        title=version.title,
        html=to_html(version.body),
        plain=to_plain(version.body),
        number=version.number,
        since=words_for(context.locale).date(version.published_at, shop.zone),
        locale=shop.locale,
    )
