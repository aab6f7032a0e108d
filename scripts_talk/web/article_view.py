"""Articles, versions and remarks as the pages about them show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from nanori.context import Context
from nanori.words import N_, Words, words_for
from scripts_talk.knowledge.changes import Change, changes
from scripts_talk.knowledge.markup import to_plain
from scripts_talk.knowledge.matching import Piece, excerpt, marked, words_of
from scripts_talk.knowledge.models import ArticleRemark, ArticleVersion
from scripts_talk.knowledge.queries import ArticleRow, ListFilter, Reader
from scripts_talk.knowledge.values import BEING_WRITTEN, RemarkKind, VersionState
from scripts_talk.knowledge.view import KINDS
from tenants.frame import logo_url
from tenants.models import Tenant

STATES = {
    VersionState.DRAFT: (N_("Draft"), "warn"),
    VersionState.SUBMITTED: (N_("Waits for the shop's word"), "warn"),
    VersionState.PUBLISHED: (N_("In force"), "good"),
    VersionState.RETIRED: (N_("Replaced"), ""),
}
LONGEST_REMARK = 160
"""Of the list; the whole of it stands on the article's page."""
DISCARDED = N_("Never in force")
REMARKS = {
    RemarkKind.COMMENT: (N_("Comment of the shop"), ""),
    RemarkKind.APPROVED: (N_("The shop approved it"), "good"),
    RemarkKind.RETURNED: (N_("The shop wants it different"), "bad"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLine:
    """One article of the list."""

    href: str
    tenant_id: UUID
    shop: str
    logo_url: str
    locale: str
    kind: str
    title: Sequence[Piece]
    text: Sequence[Piece]
    state: tuple[str, str]
    has_draft: bool
    is_waiting: bool
    is_public: bool
    uses: int
    at: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    id: UUID
    number: int
    state: tuple[str, str]
    at: str
    is_draft: bool
    is_submitted: bool
    is_in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A version against the one before it; ``before`` 0 when there is none."""

    before: int
    title: Sequence[Change]
    body: Sequence[Change]


def article_line(
    row: ArticleRow, shops: Mapping[UUID, Tenant], wanted: ListFilter, context: Context
) -> ArticleLine:
    shop = shops[row.article.tenant_id]
    words, asked = words_for(context.locale), words_of(wanted.query)
    return ArticleLine(
        href=f"/knowledge/{row.article.tenant_id}/{row.article.id}",
        tenant_id=row.article.tenant_id,
        shop=shop.brand_name,
        logo_url=logo_url(shop),
        locale=shop.locale,
        kind=KINDS[row.article.kind],
        title=marked(row.version.title, asked),
        text=excerpt(to_plain(row.version.body), asked),
        state=_state(row.version),
        has_draft=row.has_draft and row.version.state not in BEING_WRITTEN and not wanted.states,
        is_waiting=row.is_waiting and row.version.state is not VersionState.SUBMITTED,
        is_public=row.article.is_public,
        uses=row.uses,
        remark=row.remark if len(row.remark) <= LONGEST_REMARK else f"{row.remark[:LONGEST_REMARK]}…",
        at=words.ago(row.version.published_at or row.version.created_at, context.now),
    )


def version_line(version: ArticleVersion, words: Words, zone: str) -> VersionLine:
    return VersionLine(
        id=version.id,
        number=version.number,
        state=_state(version),
        at=words.moment(version.published_at or version.created_at, zone),
        is_draft=version.state is VersionState.DRAFT,
        is_submitted=version.state is VersionState.SUBMITTED,
        is_in_force=version.state is VersionState.PUBLISHED,
    )


def compared(shown: ArticleVersion, versions: Sequence[ArticleVersion]) -> Comparison:
    """Against the newest earlier one that was in force, else the one before."""
    earlier = [one for one in versions if one.number < shown.number]
    before = next((one for one in earlier if one.published_at), earlier[0] if earlier else None)
    return Comparison(
        before=before.number if before else 0,
        title=changes(before.title if before else "", shown.title),
        body=changes(before.body if before else "", shown.body),
    )


def remark_line(remark: ArticleRemark, number: int, words: Words, zone: str) -> dict[str, object]:
    return {
        "said": REMARKS[remark.kind],
        "text": remark.text,
        "number": number,
        "at": words.moment(remark.said_at, zone),
    }


def reader_line(reader: Reader, words: Words, zone: str) -> dict[str, object]:
    return {"name": reader.agent.name, "at": words.moment(reader.at, zone) if reader.at else ""}


def _state(version: ArticleVersion) -> tuple[str, str]:
    if version.state is VersionState.RETIRED and version.published_at is None:
        return DISCARDED, ""
    return STATES[version.state]
