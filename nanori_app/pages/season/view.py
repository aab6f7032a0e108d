"""Seasonal desks as their pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from desks.gates import Item
from desks.planning import Plan
from desks.season_models import DeskMove
from desks.seasons import Dates, calls_on
from desks.start_gate import seats
from desks.wording import DESK_STATES
from nanori.actors import ActorKind, Role
from nanori.charts import Bar, Frame, bars
from nanori.web.page import ROLE_NAMES
from nanori.words import N_, Words
from tenants.models import ContractTerms, Tenant

MOST_BARS = 31
ACTORS: Mapping[ActorKind, str] = {
    ActorKind.SYSTEM: N_("By itself"),
    ActorKind.SUPERVISOR: N_("Supervisor"),
    ActorKind.OPERATOR: N_("Operator"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """One item of a gate, in words."""

    key: str
    done: bool
    said: str
    mends: str  # who
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    at: str
    state: str
    who: str
    reason: str


def gate_lines(items: Sequence[Item], words: Words) -> list[GateLine]:
    return [
        GateLine(
            key=item.key,
            done=item.done,
            said=words.gettext(item.said, **{name: _said(one, words) for name, one in item.params.items()}),
            mends=words.gettext(ROLE_NAMES[item.mends]),
            page=item.page,
        )
        for item in items
    ]


def _said(value: object, words: Words) -> object:
    if isinstance(value, datetime):
        return f"{words.short_day(value)} {words.time(value.time())}"
    return value


def typed_item(name: str, problem: str, **params: object) -> Item:
    """Something on the form that is not right yet."""
    return Item(
        key=name, done=False, there="", lacking=problem, mends=Role.SUPERVISOR, page=f"#{name}", params=params
    )  # fmt: skip


def move_lines(
    moves: Sequence[DeskMove], names: Mapping[object, str], words: Words, zone: str
) -> list[MoveLine]:
    """The desk's life, newest first."""
    return [
        MoveLine(
            at=words.moment(one.at, zone),
            state=words.gettext(DESK_STATES[one.after]),
            who=names.get(one.account_id, "") or words.gettext(ACTORS.get(one.actor_kind, "")),
            reason=one.reason,
        )
        for one in reversed(moves)
    ]


def curve(plan: Plan, shop: Tenant, terms: ContractTerms | None, words: Words) -> Markup | None:
    """Agents needed in each day's busiest half hour; None while it cannot be told."""
    dates = Dates(opens_on=plan.opens_on, closes_on=plan.closes_on, zone=ZoneInfo(shop.zone))
    if not plan.busy_calls or dates.days < 1:
        return None
    step = -(-dates.days // MOST_BARS)
    columns = []
    for number in range(0, dates.days, step):
        day = plan.opens_on + timedelta(days=number)
        calls = calls_on(day, dates, at_full=plan.busy_calls, ramp_days=plan.ramp_days)
        needed = seats(calls, plan.handling_seconds, terms)
        if needed is None:
            return None
        label = words.short_day(day) if number % (step * 7) == 0 else ""
        columns.append(Bar(label, needed))
    title = words.gettext(N_("Agents needed in the busiest half hour of each day"))
    drawn = bars(columns, Frame(title=title, width=288, height=120))
    return Markup(drawn)  # noqa: S704 - the chart escapes every word that it draws
