"""What the pages about seasons share: lines to choose from, refusals at their fields, a sketch's gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession

from desks.gates import Item
from desks.models import Desk
from desks.planning import check_plan
from desks.season_models import Season
from desks.seasons import Dates
from desks.start_gate import (
    Staffing,
    contact_item,
    dates_item,
    phrase_item,
    quiz_item,
    roster_item,
    script_item,
    seats,
)
from desks.values import DeskState
from desks.wording import DESK_STATES
from nanori.errors import InvalidInput
from nanori.text import phone_for_people
from nanori.words import Words
from nanori_app.pages.season.forms import Typed
from nanori_app.pages.season.view import GateLine, curve, gate_lines, typed_item
from scripts_talk.queries import has_published_script
from scripts_talk.quiz.queries import holders
from tenants import promises, queries
from tenants.models import Tenant

BADGES: Mapping[DeskState, str] = {
    DeskState.OPEN: "good", DeskState.SCHEDULED: "accent", DeskState.CHECKING: "warn",
    DeskState.PAUSED: "warn", DeskState.CLOSING: "warn",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What a form as it stands would still lack, and the agents that it asks for."""

    lines: list[GateLine]
    curve: Markup | None
    spare: int  # numbers in the pool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonLine:
    """One seasonal desk in the list."""

    href: str
    tenant_id: str
    shop: str
    name: str
    state: str
    badge: str
    opens: str
    closes: str


def season_lines(
    found: Sequence[tuple[Desk, Season]], shops: Mapping[UUID, Tenant], words: Words
) -> list[SeasonLine]:
    return [
        SeasonLine(
            href=f"/seasons/{desk.tenant_id}/{season.id}",
            tenant_id=str(desk.tenant_id),
            shop=shops[desk.tenant_id].brand_name,
            name=desk.name,
            state=words.gettext(DESK_STATES[desk.state]),
            badge=BADGES.get(desk.state, ""),
            opens=words.date(season.opens_on),
            closes=words.date(season.closes_on),
        )
        for desk, season in found
    ]


async def lines_to_choose(
    session: AsyncSession, tenant_id: UUID, *, desk_id: UUID | None = None
) -> list[tuple[str, str]]:
    """The shop's numbers and addresses, each with what people call it; not those that its desk was lent."""
    return [
        (line, phone_for_people(line) if line.startswith("+") else line)
        for line in await promises.own_lines(session, tenant_id, lent_to=desk_id)
    ]


def refused(typed: Typed, problem: InvalidInput) -> None:
    """Put what was refused beside its field, its weekday or its date."""
    said = {
        name: typed.form.words.gettext(msgid).format(**problem.params)
        if problem.params
        else typed.form.words.gettext(msgid)
        for name, msgid in problem.fields.items()
    }
    for row in typed.week:
        row.error = said.pop(f"day-{row.weekday}", row.error)
    for date_row in typed.special:
        date_row.error = said.pop(f"special-{date_row.on}", date_row.error)
    typed.form.refuse(InvalidInput({name: problem.fields[name] for name in said}, **problem.params))


async def sketch(session: AsyncSession, shop: Tenant, typed: Typed, *, words: Words, now: datetime) -> Sketch:
    """Looked at without keeping anything; a test call and a contact's word come after it is saved."""
    spare = len(await promises.spare_numbers(session, now=now))
    items = await _items(session, shop, typed, spare=spare, now=now)
    drawn = None
    if typed.plan is not None:
        terms = await queries.terms_on(session, shop.tenant_id, typed.plan.opens_on)
        drawn = curve(typed.plan, shop, terms, words)
    ordered = sorted(items, key=lambda item: item.done)
    return Sketch(lines=gate_lines(ordered, words), curve=drawn, spare=spare)


async def _items(
    session: AsyncSession, shop: Tenant, typed: Typed, *, spare: int, now: datetime
) -> list[Item]:
    base, quiz = f"/shops/{shop.tenant_id}", f"/knowledge/{shop.tenant_id}/quiz"
    contacts = await queries.contacts_to_call(session, shop.tenant_id)
    items = [
        phrase_item(await queries.phrases_of(session, shop.tenant_id), page=f"{base}/phrases"),
        script_item(is_published=await has_published_script(session, shop.tenant_id), page=f"{base}/script"),
    ]
    if not contacts:
        items.append(contact_item(contacts, {}, page=f"{base}/contacts"))
    items += _problems(typed, shop, spare=spare, now=now)
    if typed.plan is not None:
        plan = typed.plan
        dates = Dates(opens_on=plan.opens_on, closes_on=plan.closes_on, zone=ZoneInfo(shop.zone))
        terms = await queries.terms_on(session, shop.tenant_id, plan.opens_on)
        needed = seats(plan.busy_calls, plan.handling_seconds, terms)
        trained = [agent for agent, place in plan.people.items() if place.certified]
        since = max(now, dates.during.starts)
        certified = await holders(session, shop.tenant_id, trained, since) if plan.needs_certificate else 0
        staffing = Staffing(needed=needed, there=len(trained), certified=certified)
        items += [dates_item(dates.during.ends, now), roster_item(staffing)]
        items += [quiz_item(staffing, page=quiz)] if plan.needs_certificate else []
    return items


def _problems(typed: Typed, shop: Tenant, *, spare: int, now: datetime) -> list[Item]:
    """Fields that cannot stay as they are."""
    found = [typed_item(name, f"{label}: {problem}") for name, label, problem in _wrong(typed)]
    if typed.plan is None:
        return found
    try:
        check_plan(typed.plan, shop, now=now)
    except InvalidInput as problem:
        return [typed_item(name, msgid) for name, msgid in problem.fields.items()]
    if typed.plan.wanted_numbers > spare:
        return [typed_item("wanted_numbers", promises.POOL_IS_SHORT, left=spare)]
    return found


def _wrong(typed: Typed) -> list[tuple[str, str, str]]:
    gettext = typed.form.words.gettext
    return [(name, gettext(label), problem) for name, label, problem in typed.form.wrong]
