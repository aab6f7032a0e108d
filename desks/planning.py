"""Writes about the plan of a seasonal desk: what it is, when, under which numbers, and who answers there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks import roster
from desks.errors import MoveNotAllowed
from desks.lines import fit_lines
from desks.models import Desk, MenuOption, RosterEntry
from desks.season_models import DeskDay, DeskMove, DeskSpan, Season
from desks.seasons import Dates
from desks.values import DeskKind, DeskState, Outside
from nanori.actors import Actor
from nanori.errors import InvalidInput
from nanori.words import N_
from tenants.commands import SpecialDate, check_hours, lock_shop, set_phrase
from tenants.hours import Span
from tenants.models import Tenant
from tenants.queries import phrases_of

LONGEST = timedelta(days=366)
FIXED_WHEN_OPEN = ("opens_on", "wanted_lines", "wanted_numbers")
OF_DESK = (
    "ring_seconds", "wrapup_seconds", "max_wait_seconds", "offers_callback", "unattended", "interrupts_mail",
    "overflow_after_seconds", "weight", "reserved_agents", "max_waiting", "menu_prompt", "alarm_wait_seconds",
    "alarm_level_percent", "alarm_nobody", "alarm_talk_seconds", "alarm_wrapup_seconds", "alarm_away_seconds",
    "alarm_not_ready_seconds", "away_percent",
)  # fmt: skip
"""What a new desk takes over from the one it is made like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An agent's place on the roster."""

    level: int = 1
    certified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is typed of a season. The last day is included."""

    name: str
    opens_on: date
    closes_on: date
    greeting: str = ""
    outside: Outside = Outside.ANNOUNCE
    before_message: str = ""
    after_message: str = ""
    wanted_lines: Sequence[str] = ()  # of the shop's own numbers and addresses
    wanted_numbers: int = 1  # from the pool
    busy_calls: int = 0
    handling_seconds: int = 300
    ramp_days: int = 0
    own_hours: bool = False
    needs_certificate: bool = False  # the shop's quiz, to get its calls
    week: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    days: Sequence[SpecialDate] = ()
    people: Mapping[UUID, Place] = field(default_factory=dict)


KEPT = tuple(
    one.name
    for one in fields(Plan)
    if one.name not in {"name", "needs_certificate", "week", "days", "people"}
)
"""What the table keeps under the same name."""


async def plan_desk(
    session: AsyncSession,
    shop: Tenant,
    plan: Plan,
    *,
    actor: Actor,
    now: datetime,
    quarantine_days: int,
    like: Desk | None = None,
) -> Desk:
    """A new seasonal desk as a draft: nothing is promised to it yet.

    Args:
        like: a desk of the shop whose settings and menu it takes over.

    Raises:
        InvalidInput: dates or times are not in order.
    """
    check_plan(plan, shop, now=now)
    settings = {name: getattr(like, name) for name in OF_DESK} if like else {}
    desk = Desk(
        tenant_id=shop.tenant_id, id=uuid7(), name=plan.name, kind=DeskKind.SEASONAL, state=DeskState.DRAFT,
        needs_certificate=plan.needs_certificate, created_at=now, **settings,
    )  # fmt: skip
    during = _dates(plan, shop).during
    season = Season(
        tenant_id=shop.tenant_id, id=uuid7(), desk_id=desk.id, opens_at=during.starts, closes_at=during.ends,
        quarantine_days=quarantine_days, copied_from=like.id if like else None, changed_at=now,
        **_kept(plan),
    )  # fmt: skip
    session.add(desk)
    await session.flush()
    session.add_all([season, _first_move(desk, actor, now)])
    await session.flush()
    await _set_hours(session, desk, plan)
    await _set_people(session, desk, plan.people)
    if like is not None:
        await _copy_menu(session, like, desk)
        await _copy_phrases(session, like, desk, now)
    return desk


async def change_plan(
    session: AsyncSession, shop: Tenant, desk: Desk, season: Season, plan: Plan, *, now: datetime
) -> None:
    """Let another plan hold from now on; numbers that were promised follow it. The caller holds the desk.

    Raises:
        InvalidInput: not in order, or in the way of another desk.
        MoveNotAllowed: the desk is being wound up.
    """
    if desk.state in {DeskState.CLOSING, DeskState.CLOSED}:
        raise MoveNotAllowed
    check_plan(plan, shop, now=now)
    if desk.state in {DeskState.OPEN, DeskState.PAUSED}:
        _check_running(season, plan)
    during = _dates(plan, shop).during
    desk.name, desk.needs_certificate = plan.name, plan.needs_certificate
    for name, value in _kept(plan).items():
        setattr(season, name, value)
    season.opens_at, season.closes_at, season.changed_at = during.starts, during.ends, now
    await session.flush()
    await _set_hours(session, desk, plan)
    await _set_people(session, desk, plan.people)
    if desk.state is not DeskState.DRAFT:
        await fit_lines(session, shop, desk, season, now=now)


def check_plan(plan: Plan, shop: Tenant, *, now: datetime) -> None:
    """Nothing, when dates and times are in order.

    Raises:
        InvalidInput: with the fields of the plan, ``day-N`` and ``special-DATE``.
    """
    wrong = {}
    if plan.closes_on < plan.opens_on:
        wrong["closes_on"] = N_("The last day must not be before the first.")
    elif _dates(plan, shop).during.ends <= now:
        wrong["closes_on"] = N_("This day is over. Please choose one that is still to come.")
    elif plan.closes_on - plan.opens_on > LONGEST:
        wrong["closes_on"] = N_("A season lasts a year at most. For longer, use the shop's standing desk.")
    if not plan.wanted_lines and not plan.wanted_numbers:
        wrong["wanted_numbers"] = N_("A desk needs a number or an address. Take one from the pool.")
    try:
        check_hours(plan.week, plan.days)
    except InvalidInput as times:
        wrong |= times.fields
    if plan.own_hours and not any(plan.week.values()) and not any(day.spans for day in plan.days):
        wrong["own_hours"] = N_("With these hours the desk would never be open.")
    if wrong:
        raise InvalidInput(wrong)


def _first_move(desk: Desk, actor: Actor, now: datetime) -> DeskMove:
    return DeskMove(
        tenant_id=desk.tenant_id, id=uuid7(), desk_id=desk.id, at=now, after=desk.state,
        actor_kind=actor.kind, account_id=actor.account_id,
    )  # fmt: skip


def _check_running(season: Season, plan: Plan) -> None:
    """Callers are there already: the first day and the numbers stay."""
    wrong = {
        name: N_("The desk is open: this can no longer be changed.")
        for name in FIXED_WHEN_OPEN
        if _plain(getattr(plan, name)) != getattr(season, name)
    }
    if wrong:
        raise InvalidInput(wrong)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _kept(plan: Plan) -> dict[str, object]:
    return {name: _plain(getattr(plan, name)) for name in KEPT}


def _dates(plan: Plan, shop: Tenant) -> Dates:
    return Dates(opens_on=plan.opens_on, closes_on=plan.closes_on, zone=ZoneInfo(shop.zone))


async def _set_hours(session: AsyncSession, desk: Desk, plan: Plan) -> None:
    for table in (DeskSpan, DeskDay):
        await session.execute(
            delete(table).where(table.tenant_id == desk.tenant_id, table.desk_id == desk.id)
        )
    if not plan.own_hours:
        return
    of_desk = {"tenant_id": desk.tenant_id, "desk_id": desk.id}
    session.add_all(
        DeskSpan(id=uuid7(), weekday=day, opens=span.opens, closes=span.closes, **of_desk)
        for day, spans in plan.week.items()
        for span in spans
    )
    for day in plan.days:
        for span in day.spans or (None,):
            times = {"opens": span.opens, "closes": span.closes} if span else {"opens": None, "closes": None}
            session.add(DeskDay(id=uuid7(), on=day.on, label=day.label, **times, **of_desk))
    await session.flush()


async def _set_people(session: AsyncSession, desk: Desk, people: Mapping[UUID, Place]) -> None:
    there = await session.scalars(
        select(RosterEntry).where(RosterEntry.tenant_id == desk.tenant_id, RosterEntry.desk_id == desk.id)
    )
    known = {entry.agent_id: Place(level=entry.level, certified=entry.certified) for entry in there}
    for agent_id in known.keys() - people.keys():
        await roster.take_off_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent_id)
    for agent_id, place in people.items():
        if known.get(agent_id) != place:
            await roster.put_on_desk(
                session, desk.tenant_id, desk_id=desk.id, agent_id=agent_id, level=place.level,
                certified=place.certified,
            )  # fmt: skip


async def _copy_menu(session: AsyncSession, like: Desk, desk: Desk) -> None:
    keys = await session.scalars(
        select(MenuOption).where(MenuOption.tenant_id == like.tenant_id, MenuOption.desk_id == like.id)
    )
    session.add_all(
        MenuOption(
            tenant_id=desk.tenant_id, id=uuid7(), desk_id=desk.id, digit=key.digit, action=key.action,
            to_desk_id=key.to_desk_id, said=key.said,
        )
        for key in keys
    )  # fmt: skip
    await session.flush()


async def _copy_phrases(session: AsyncSession, like: Desk, desk: Desk, now: datetime) -> None:
    for one in await phrases_of(session, like.tenant_id, like.id):
        if one.is_of_desk:
            await set_phrase(
                session, desk.tenant_id, one.situation, one.day_part, text=one.text, desk_id=desk.id, now=now
            )


async def lock_plan(session: AsyncSession, tenant_id: UUID, desk_id: UUID) -> Desk:
    """Hold the shop and the desk until the transaction ends, so that two people who change it take turns."""
    await lock_shop(session, tenant_id)
    return await session.get_one(Desk, (tenant_id, desk_id), with_for_update=True, populate_existing=True)
