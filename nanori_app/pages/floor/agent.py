"""One agent, opened from the floor: what they do now, where they answer, and a day as a bar with its sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.day import Day, Stretch, stretches, sums
from desks.errors import AgentNotFound
from desks.models import Desk, RosterEntry, Seat
from desks.presence import CHOSEN_FROM
from desks.queries import intervals_between
from desks.values import Presence
from desks.wording import presence_in
from interactions.models import Interaction
from interactions.values import Channel
from nanori.actors import Role
from nanori.context import Context
from nanori.identity.models import Account, RoleGrant
from nanori.words import DASH, N_, Words, words_for
from nanori_app.pages.desk_parts import Timer, running
from nanori_app.pages.desk_words import BREAKS
from tenants.models import Tenant

HOUR = timedelta(hours=1)
WIDTHS = {8: 1, 12: 2, 16: 2, 24: 3}
"""How many hours the picture of a day shows, the fewest that hold it, and after how many each is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarPart:
    """One stretch in the picture, in seconds from its left edge."""

    x: int
    width: int
    state: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SumLine:
    state: str
    label: str
    length: str
    share: str
    per_mille: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StretchLine:
    state: str
    label: str
    start: str
    end: str
    length: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    on: str
    heading: str
    before: str
    after: str  # empty on today's page
    zone: str
    width: int  # seconds that the picture shows
    ticks: Sequence[tuple[int, str]]
    bar: Sequence[BarPart]
    sums: Sequence[SumLine]
    stretches: Sequence[StretchLine]
    figures: Sequence[tuple[str, str]]
    is_today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    agent_id: UUID
    name: str
    base: str
    state: str
    presence: str
    timer: Timer | None
    by_phone: bool  # answers by their own telephone
    may_choose: bool  # nothing is in hand
    breaks: Sequence[tuple[str, str, str]]
    desks: Sequence[tuple[str, str, str, int]]  # shop id, shop, desk with its page, level
    links: Sequence[str]
    day: DayView


async def agent_view(session: AsyncSession, context: Context, agent_id: UUID, on: date | None) -> AgentView:
    """The agent on a date of the operator's zone, today without one.

    Raises:
        AgentNotFound: no account of an agent.
    """
    account = await agent_by_id(session, agent_id)
    words = words_for(context.locale)
    seat = await session.get(Seat, agent_id, populate_existing=True)
    state = seat.state if seat else Presence.OFFLINE
    desks = await _desks(session, agent_id)
    return AgentView(
        agent_id=agent_id,
        name=account.name,
        base=f"/floor/agents/{agent_id}",
        state=state.value,
        presence=presence_in(words, state, seat.reason if seat else None),
        timer=running(seat.since, context.now, words) if seat and state is not Presence.OFFLINE else None,
        by_phone=seat is not None and seat.by_phone,
        may_choose=state in CHOSEN_FROM,
        breaks=[(reason.value, words.gettext(said), icon) for reason, (said, icon) in BREAKS.items()],
        desks=[(str(shop.tenant_id), shop.brand_name, desk.name, level) for shop, desk, level in desks],
        links=[f"/floor/desks/{desk.tenant_id}/{desk.id}" for _, desk, _ in desks],
        day=await day_view(session, context, agent_id, on),
    )


async def day_view(session: AsyncSession, context: Context, agent_id: UUID, on: date | None) -> DayView:
    words, zone = words_for(context.locale), context.zone
    today = context.now.astimezone(zone).date()
    day = Day(on=min(on or today, today), zone=zone)
    found = await intervals_between(session, agent_id, day.starts_at, day.ends_at)
    parts = stretches(found, day, now=context.now)
    left, right = _window(parts, day)
    return DayView(
        on=day.on.isoformat(),
        heading=words.date(day.on),
        before=(day.on - timedelta(days=1)).isoformat(),
        after=(day.on + timedelta(days=1)).isoformat() if day.on < today else "",
        zone=str(zone),
        width=int((right - left).total_seconds()),
        ticks=_ticks(left, right, words, context),
        bar=[_bar(part, left, words, context) for part in parts],
        sums=_sum_lines(parts, words),
        stretches=[_line(part, words, context) for part in parts],
        figures=await _figures(session, agent_id, day, words),
        is_today=day.on == today,
    )


async def agent_by_id(session: AsyncSession, agent_id: UUID) -> Account:
    """The account of an agent.

    Raises:
        AgentNotFound: there is no such agent.
    """
    found: Account | None = await session.scalar(
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.id == agent_id, RoleGrant.role == Role.AGENT)
        .limit(1)
    )
    if found is None:
        raise AgentNotFound
    return found


async def _desks(session: AsyncSession, agent_id: UUID) -> list[tuple[Tenant, Desk, int]]:
    rows = await session.execute(
        select(Tenant, Desk, RosterEntry.level)
        .join(Desk, Desk.tenant_id == Tenant.tenant_id)
        .join(RosterEntry, and_(RosterEntry.tenant_id == Desk.tenant_id, RosterEntry.desk_id == Desk.id))
        .where(RosterEntry.agent_id == agent_id)
        .order_by(RosterEntry.level, Tenant.brand_reading, Desk.name, Desk.id)
    )
    return [(shop, desk, level) for shop, desk, level in rows]


def _window(parts: Sequence[Stretch], day: Day) -> tuple[datetime, datetime]:
    """From a whole hour on, as wide as what there is needs; the whole day when there is nothing."""
    if not parts:
        return day.starts_at, day.ends_at
    first = (parts[0].start - day.starts_at) // HOUR
    last = -((day.starts_at - parts[-1].end) // HOUR)
    width = next((width for width in WIDTHS if width >= last - first), 0)
    if first + width > (day.ends_at - day.starts_at) // HOUR:
        first = (day.ends_at - day.starts_at) // HOUR - width
    if not width or first < 0:
        return day.starts_at, day.ends_at
    left = day.starts_at + first * HOUR
    return left, left + width * HOUR


def _ticks(left: datetime, right: datetime, words: Words, context: Context) -> list[tuple[int, str]]:
    """Every full hour, or every second or third where that would be too many to read."""
    hours = int((right - left) / HOUR)
    step = WIDTHS.get(hours, 3)
    return [
        (number * 3600, words.time(left + number * HOUR, context.zone)) for number in range(0, hours, step)
    ]


def _bar(part: Stretch, left: datetime, words: Words, context: Context) -> BarPart:
    label = presence_in(words, part.state, part.reason)
    span = f"{words.time(part.start, context.zone)}–{words.time(part.end, context.zone)}"
    return BarPart(
        x=int((part.start - left).total_seconds()),
        width=max(1, int(part.length.total_seconds())),
        state=part.state.value,
        said=f"{label} {span} ({words.clock(part.length)})",
    )


def _sum_lines(parts: Sequence[Stretch], words: Words) -> list[SumLine]:
    total = sum((part.length for part in parts), start=timedelta())
    return [
        SumLine(
            state=state.value,
            label=presence_in(words, state, reason),
            length=words.duration(length),
            share=words.percent(length / total, 0),
            per_mille=int(1000 * (length / total)),
        )
        for (state, reason), length in sums(parts).items()
    ]


def _line(part: Stretch, words: Words, context: Context) -> StretchLine:
    notes = []
    if part.from_before:
        notes.append(words.gettext(N_("since the day before")))
    if part.goes_on:
        notes.append(words.gettext(N_("goes on")))
    return StretchLine(
        state=part.state.value,
        label=presence_in(words, part.state, part.reason),
        start=words.time(part.start, context.zone, seconds=True),
        end=DASH if part.goes_on else words.time(part.end, context.zone, seconds=True),
        length=words.clock(part.length),
        note=words.listed(notes),
    )


async def _figures(session: AsyncSession, agent_id: UUID, day: Day, words: Words) -> list[tuple[str, str]]:
    """Calls that came in that day and were answered by the agent, with their times."""
    one = Interaction
    number, talk, hold, acw = (
        await session.execute(
            select(func.count(), func.sum(one.talk_ms), func.sum(one.hold_ms), func.sum(one.acw_ms)).where(
                one.agent_id == agent_id,
                one.channel == Channel.PHONE,
                one.answered_at >= day.starts_at.astimezone(UTC),
                one.answered_at < day.ends_at.astimezone(UTC),
            )
        )
    ).one()
    each = [int(total or 0) / number / 1000 if number else None for total in (talk, hold, acw)]
    shown = [
        (N_("Calls answered"), words.number(number)),
        (N_("Talk, each"), words.duration(each[0])),
        (N_("Hold, each"), words.duration(each[1])),
        (N_("After-call work, each"), words.duration(each[2])),
    ]
    return [(words.gettext(name), said) for name, said in shown]
