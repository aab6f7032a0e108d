"""What a month's report says beside its figures: both clocks, what was learnt, seasons, shared seats.

Each is what was so when the month ended: what happens later changes nothing of it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.season_models import Season
from interactions.models import Interaction
from interactions.questions.debt import debt
from interactions.questions.models import QuestionMove, ShopQuestion
from interactions.questions.values import MoveKind, Side
from interactions.values import Channel, Direction
from reports.facts import Period
from scripts_talk.knowledge.models import Article, ArticleUse, ArticleVersion, OpenQuestion
from scripts_talk.knowledge.values import ArticleKind

MOST_CLOCKS = 200
MOST_USED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One matter that waited for the shop: how long it lay on each side until the month's end."""

    number: int
    with_shop: timedelta
    with_desk: timedelta
    is_settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuestion:
    """What agents looked for in vain; ``answer`` is the title of the article written for it by the end."""

    asked: str
    times: int
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """A wording that came into force in the month; ``is_first``: of a new article."""

    title: str
    on: date
    is_first: bool
    is_public: bool


@dataclass(frozen=True, slots=True)
class Used:
    """An article and in how many contacts it helped."""

    title: str
    contacts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonSpan:
    """A seasonal desk that was open on a day of the month; contacts are those of the month."""

    desk: str
    opens_on: date
    closes_on: date
    calls: int
    mails: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolShare:
    """Seats kept for an hour on a mean weekday: what the shop would need alone, and what of it is saved.

    ``saved`` is the shop's part of the saving of all ``shops`` that share their agents.
    """

    shops: int
    alone: int
    saved: Fraction
    most_at_once: int  # seats that the shop alone would need in its busiest hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    clocks: Sequence[Clock] = ()
    questions: Sequence[NewQuestion] = ()
    articles: Sequence[NewArticle] = ()
    used: Sequence[Used] = ()
    seasons: Sequence[SeasonSpan] = ()
    pool: PoolShare | None = None


NOTHING_BESIDE = Beside()


async def beside_month(session: AsyncSession, tenant_id: UUID, period: Period) -> Beside:
    """Everything of one shop's month, in six statements. The pool is not of one shop: it comes apart."""
    return Beside(
        clocks=await _clocks(session, tenant_id, period),
        questions=await _questions(session, tenant_id, period),
        articles=await _articles(session, tenant_id, period),
        used=await _used(session, tenant_id, period),
        seasons=await _seasons(session, tenant_id, period),
    )


async def _clocks(session: AsyncSession, tenant_id: UUID, period: Period) -> list[Clock]:
    """Of matters that were put to the shop in the month, in their order."""
    one, move = ShopQuestion, QuestionMove
    rows = await session.execute(
        select(one.id, one.number, move.kind, move.at)
        .join(move, (move.tenant_id == one.tenant_id) & (move.question_id == one.id))
        .where(one.tenant_id == tenant_id, one.asked_at >= period.starts_at, one.asked_at < period.ends_at)
        .where(move.at < period.ends_at)
        .order_by(one.asked_at, one.id, move.seq)
    )
    moves: dict[tuple[UUID, int], list[tuple[MoveKind, datetime]]] = {}
    for question_id, number, kind, at in rows:
        moves.setdefault((question_id, number), []).append((kind, at))
    return [_clock(number, of_one, period) for (_, number), of_one in list(moves.items())[:MOST_CLOCKS]]


def _clock(number: int, moves: Sequence[tuple[MoveKind, datetime]], period: Period) -> Clock:
    stands = debt(moves, period.ends_at)
    return Clock(
        number=number,
        with_shop=stands.held[Side.SHOP],
        with_desk=stands.held[Side.DESK],
        is_settled=stands.holder is None,
    )


async def _questions(session: AsyncSession, tenant_id: UUID, period: Period) -> list[NewQuestion]:
    """Asked in the same words, or answered by the same article, is one question; the most asked first."""
    one, version = OpenQuestion, ArticleVersion
    title_then = (
        select(version.title)
        .where(version.tenant_id == one.tenant_id, version.article_id == one.article_id)
        .where(version.published_at < period.ends_at)
        .order_by(version.published_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(one.asked, one.article_id, one.settled_at, title_then)
        .where(one.tenant_id == tenant_id, one.asked_at >= period.starts_at, one.asked_at < period.ends_at)
        .order_by(one.asked_at, one.id)
    )
    times: Counter[object] = Counter()
    first: dict[object, tuple[str, str]] = {}
    for asked, article_id, settled_at, title in rows:
        in_time = settled_at is not None and settled_at < period.ends_at
        key = article_id if article_id and in_time else " ".join(asked.split()).casefold()
        times[key] += 1
        first.setdefault(key, (asked, title or "" if in_time else ""))
    found = [
        NewQuestion(asked=asked, times=times[key], answer=answer) for key, (asked, answer) in first.items()
    ]
    return sorted(found, key=lambda question: -question.times)


async def _articles(session: AsyncSession, tenant_id: UUID, period: Period) -> list[NewArticle]:
    version = ArticleVersion
    rows = await session.execute(
        select(version.title, version.published_at, version.number, Article.is_public)
        .join(Article, (Article.tenant_id == version.tenant_id) & (Article.id == version.article_id))
        .where(
            version.tenant_id == tenant_id,
            version.published_at >= period.starts_at,
            version.published_at < period.ends_at,
            Article.kind != ArticleKind.NOTICE,
        )
        .order_by(version.published_at, version.id)
    )
    return [
        NewArticle(title=title, on=period.local(at).date(), is_first=number == 1, is_public=is_public)
        for title, at, number, is_public in rows
        if at is not None
    ]


async def _used(session: AsyncSession, tenant_id: UUID, period: Period) -> list[Used]:
    """Contacts in which an article was opened or its words sent, under the title it had then."""
    use, version = ArticleUse, ArticleVersion
    contacts = func.count(func.distinct(use.interaction_id))
    rows = await session.execute(
        select(func.max(version.title), contacts)
        .join(version, (version.tenant_id == use.tenant_id) & (version.id == use.version_id))
        .where(use.tenant_id == tenant_id, use.at >= period.starts_at, use.at < period.ends_at)
        .group_by(use.article_id)
        .order_by(contacts.desc(), use.article_id)
        .limit(MOST_USED)
    )
    return [Used(title, number) for title, number in rows]


async def _seasons(session: AsyncSession, tenant_id: UUID, period: Period) -> list[SeasonSpan]:
    one = Interaction
    rows = await session.execute(
        select(
            Desk.name,
            Season.opens_on,
            Season.closes_on,
            func.count(one.id).filter(one.channel == Channel.PHONE),
            func.count(one.id).filter(one.channel == Channel.MAIL, one.part_of.is_(None)),
        )
        .join(Desk, (Desk.tenant_id == Season.tenant_id) & (Desk.id == Season.desk_id))
        .outerjoin(
            one,
            (one.tenant_id == Season.tenant_id)
            & (one.desk_id == Season.desk_id)
            & (one.arrived_at >= period.starts_at)
            & (one.arrived_at < period.ends_at)
            & (one.direction == Direction.INBOUND),
        )
        .where(
            Season.tenant_id == tenant_id,
            Season.opens_on < period.end,
            Season.closes_on >= period.first,
        )
        .group_by(Season.id, Season.tenant_id, Desk.name, Season.opens_on, Season.closes_on)
        .order_by(Season.opens_on, Desk.name)
    )
    return [
        SeasonSpan(desk=desk, opens_on=opens, closes_on=closes, calls=calls, mails=mails)
        for desk, opens, closes, calls, mails in rows
    ]
