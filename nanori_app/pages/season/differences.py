"""What a season does otherwise than the desk that it was made like: side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.planning import OF_DESK, Plan
from desks.season_models import Season
from interactions.close_gate import Volumes
from nanori.identity.models import Account
from nanori.text import clock_of_minutes
from nanori.words import N_, Words
from nanori_app.pages.season.drafting import Model, plan_of
from tenants import queries
from tenants.models import AnswerPhrase, ContractTerms, Tenant


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing then and now."""

    label: str
    then: str
    now: str

    @property
    def changed(self) -> bool:
        return self.then != self.now


PLAN_LABELS = {
    "name": N_("Name of the desk"), "greeting": N_("What callers hear first"),
    "before_message": N_("Before the first day"), "after_message": N_("After the last day"),
}  # fmt: skip
SETTING_LABELS = {
    "ring_seconds": N_("Ring one agent for (seconds)"),
    "wrapup_seconds": N_("After-call work at most (seconds)"),
    "max_wait_seconds": N_("Longest wait (seconds)"),
    "weight": N_("Weight when agents are few"),
    "reserved_agents": N_("Agents kept for this desk"),
    "overflow_after_seconds": N_("Ask the next level after (seconds)"),
    "menu_prompt": N_("What the menu says"),
}


async def differences(
    session: AsyncSession, shop: Tenant, model: Model, desk: Desk, season: Season, *, words: Words
) -> list[Difference]:
    """Phrases, limits, hours, roster and volumes; what is the same comes last."""
    now = await plan_of(session, desk, season)
    rows = _settings(model.desk, desk, words)
    rows += await _terms(session, shop, model, season, words)
    if model.season is not None:
        then = await plan_of(session, model.desk, model.season)
        rows = [*_plans(then, now, words), *await _phrases(session, shop, model.season, words), *rows]
        rows += await _people(session, then, now, words)
    rows.append(_volumes(model.volumes, now, words))
    return sorted(rows, key=lambda row: not row.changed)


def _plans(then: Plan, now: Plan, words: Words) -> list[Difference]:
    found = [
        Difference(words.gettext(label), str(getattr(then, name)), str(getattr(now, name)))
        for name, label in PLAN_LABELS.items()
    ]
    dates = [f"{words.date(one.opens_on)} – {words.date(one.closes_on)}" for one in (then, now)]
    hours = [_hours(one, words) for one in (then, now)]
    return [
        Difference(words.gettext(N_("Dates")), *dates),
        *found,
        Difference(words.gettext(N_("Hours")), *hours),
    ]


def _hours(plan: Plan, words: Words) -> str:
    if not plan.own_hours:
        return words.gettext(N_("the shop's"))
    return "  ".join(
        f"{words.gettext(N_('National holidays')) if day == 7 else words.weekday(day)} "  # noqa: PLR2004 - holidays
        + ", ".join(f"{clock_of_minutes(one.opens)}–{clock_of_minutes(one.closes)}" for one in spans)
        for day, spans in sorted(plan.week.items())
    )


def _settings(then: Desk, now: Desk, words: Words) -> list[Difference]:
    return [
        Difference(words.gettext(SETTING_LABELS[name]), str(getattr(then, name)), str(getattr(now, name)))
        for name in OF_DESK
        if name in SETTING_LABELS
    ]


async def _terms(
    session: AsyncSession, shop: Tenant, model: Model, season: Season, words: Words
) -> list[Difference]:
    """What was promised then and will be now."""
    day = model.season.opens_on if model.season else season.opens_on
    found = [await queries.terms_on(session, shop.tenant_id, one) for one in (day, season.opens_on)]
    return [Difference(words.gettext(N_("Service level")), *[_promise(one, words) for one in found])]


def _promise(terms: ContractTerms | None, words: Words) -> str:
    if terms is None:
        return words.gettext(N_("none agreed"))
    said = N_("{target}% within {seconds} seconds")
    return words.gettext(said, target=terms.target_percent, seconds=terms.answer_within_seconds)


async def _phrases(session: AsyncSession, shop: Tenant, old: Season, words: Words) -> list[Difference]:
    """Wordings of the shop as they were when last year's desk closed, and as they are."""
    rows = await session.scalars(
        select(AnswerPhrase)
        .where(AnswerPhrase.tenant_id == shop.tenant_id, AnswerPhrase.desk_id.is_(None))
        .order_by(AnswerPhrase.situation, AnswerPhrase.day_part, AnswerPhrase.version)
    )
    then: dict[tuple[str, str], str] = {}
    now: dict[tuple[str, str], str] = {}
    for row in rows:
        slot = (row.situation.value, row.day_part.value)
        if row.created_at < old.closes_at and (row.retired_at is None or row.retired_at >= old.closes_at):
            then[slot] = row.text
        if row.retired_at is None:
            now[slot] = row.text
    label = words.gettext(N_("Phrases"))
    slots = [one for one in sorted({*then, *now}) if then.get(one) != now.get(one)]
    return [Difference(label, then.get(one, ""), now.get(one, "")) for one in slots]


async def _people(session: AsyncSession, then: Plan, now: Plan, words: Words) -> list[Difference]:
    ids = {*then.people, *now.people}
    rows = await session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    names: Mapping[UUID, str] = {row.id: row.name for row in rows}
    sides = [_names(one, names) for one in (then, now)]
    return [Difference(words.gettext(N_("Agents on the desk's roster")), *sides)]


def _names(plan: Plan, names: Mapping[UUID, str]) -> str:
    listed: Sequence[str] = sorted(names.get(one, "") for one in plan.people)
    return ", ".join(listed)


def _volumes(then: Volumes, now: Plan, words: Words) -> Difference:
    """What came then, by the log; what is expected now."""
    said = N_("{calls} calls in the busiest half hour, {seconds} s each")
    came = "" if then.handling_seconds is None else said
    return Difference(
        words.gettext(N_("Calls")),
        came and words.gettext(came, calls=then.busiest, seconds=then.handling_seconds),
        words.gettext(said, calls=now.busy_calls, seconds=now.handling_seconds),
    )
