"""How the hours of all agents were spent: the sums from the database, and their lines on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, BindParameter, bindparam, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import PresenceInterval
from desks.values import Presence
from interactions.models import Interaction, InteractionEvent
from interactions.values import Channel, EventKind
from nanori.words import N_, Words
from reports.agent_hours import AgentHours, Spent, Written, agent_hours
from reports.figures import Figure
from reports.log import ANSWERS
from reports.paper.wording import Wording

MINUTES_AN_HOUR = 60
LONGEST = timedelta(days=2)
"""Nobody who is signed in stays in one state for longer."""
NAMES = {
    "occupancy": (N_("Occupancy"), N_("With callers, of the time with callers or ready for them.")),
    "utilisation U1": (N_("Utilisation U1"), N_("With callers or ready for them, of the paid time.")),
    "utilisation U2": (N_("Utilisation U2"), N_("With callers, of the paid time.")),
    "utilisation U3": (
        N_("Utilisation U3"), N_("With callers, of the paid time without training, meetings and paperwork."),
    ),
    "shrinkage": (N_("Shrinkage"), N_("Paid and not there for callers, of the paid time.")),
    "calls_per_hour": (N_("Calls per hour"), N_("Calls handled in an hour signed in, lunch included.")),
    "mails_per_hour": (N_("Mails per hour"), N_("Answers in an hour with a mail in hand, answered or not.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PoolLine:
    """One figure: of each stretch its value and what was divided by what."""

    name: str
    says: str
    cells: Sequence[tuple[str, str]]


async def hours_of_pool(
    session: AsyncSession, start: datetime, end: datetime, *, now: datetime
) -> AgentHours:
    """All agents' time in ``[start, end)`` until now; three statements, whatever their number."""
    one, until = PresenceInterval, min(end, now)
    lasted = func.least(func.coalesce(one.ended_at, until), until) - func.greatest(one.started_at, start)
    rows = await session.execute(
        select(one.state, one.reason, cast(func.extract("epoch", func.sum(lasted)) * 1000, BigInteger))
        .where(one.started_at >= start - LONGEST, one.started_at < until, one.state != Presence.OFFLINE)
        .where(or_(one.ended_at.is_(None), one.ended_at > literal(start)))
        .group_by(one.state, one.reason)
    )
    calls = await session.scalar(
        select(func.count()).where(
            Interaction.channel == Channel.PHONE, Interaction.arrived_at >= start - LONGEST,
            Interaction.arrived_at < until, Interaction.answered_at >= start, Interaction.answered_at < until,
        )
    )  # fmt: skip
    spent = [Spent(state=state, reason=reason, ms=ms) for state, reason, ms in rows]
    return agent_hours(spent, calls=calls or 0, written=await _written(session, start, until))


async def _written(session: AsyncSession, start: datetime, until: datetime) -> Written:
    """Answers by people, each once though it may answer several mails, and the work that ended then."""
    event = InteractionEvent
    kinds: BindParameter[Any] = bindparam(
        "kinds", [*ANSWERS, EventKind.SOLVED], expanding=True, literal_execute=True
    )
    ended = select(
        event.tenant_id, event.at, event.actor_id, event.data["message_id"].astext.label("message"),
        (event.kind != EventKind.SOLVED).label("answers"), event.data["worked_ms"].as_integer().label("ms"),
    ).where(event.kind.in_(kinds), event.at >= start, event.at < until)  # fmt: skip
    once = ended.distinct().subquery()
    answers, timed = once.c.answers, once.c.ms.is_not(None)
    counted = [func.count().filter(answers), func.count().filter(answers, timed)]
    rows = await session.execute(select(*counted, func.coalesce(func.sum(once.c.ms), 0)).select_from(once))
    return Written(*map(int, rows.one()))


def pool_lines(stretches: Sequence[AgentHours], words: Words) -> list[PoolLine]:
    """One line for each figure; nothing while nobody was there."""
    if not any(one.signed_in for one in stretches):
        return []
    columns = [[(one, hours) for one in hours.figures()] for hours in stretches]
    return [_line(cells, words) for cells in zip(*columns, strict=True)]


def _line(cells: Sequence[tuple[Figure, AgentHours]], words: Words) -> PoolLine:
    figure = cells[0][0]
    name, says = NAMES[f"{figure.key} {figure.formula}".strip()]
    wording = Wording(words)
    return PoolLine(
        words.gettext(name),
        words.gettext(says),
        [(wording.figure(one), _origin(one, hours, words)) for one, hours in cells],
    )


def _origin(figure: Figure, hours: AgentHours, words: Words) -> str:
    if not figure.denominator:
        return ""
    if figure.key == "mails_per_hour":
        return f"{words.number(figure.numerator)} / {_hours(figure.denominator, words)}"
    above = words.number(hours.calls) if figure.key == "calls_per_hour" else _hours(figure.numerator, words)
    return f"{above} / {_hours(figure.denominator, words)}"


def _hours(ms: int, words: Words) -> str:
    minutes, seconds = round(ms / 60_000), round(ms / 1_000)
    return words.duration(
        timedelta(minutes=minutes) if minutes >= MINUTES_AN_HOUR else timedelta(seconds=seconds)
    )
