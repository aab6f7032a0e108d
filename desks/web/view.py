"""Desks and agents as their pages show them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from desks.matching import DeskRule
from desks.models import Desk, RosterEntry, Seat
from desks.sharing import Standing
from desks.values import DeskState, Presence
from desks.wording import BADGES, DESK_STATES, presence_in
from nanori.context import Context
from nanori.identity.models import Account
from nanori.words import N_, Words
from scripts_talk.quiz.models import Certificate
from scripts_talk.quiz.queries import holds
from tenants.models import Tenant

HERE = frozenset(Presence) - {Presence.OFFLINE}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLine:
    """One agent and what they do now."""

    agent_id: str
    name: str
    level: int
    presence: str
    badge: str
    since: str
    desks: int = 0
    certified: bool = True
    preferred: bool = False
    certificate: tuple[str, str] | None = None  # words and badge, where the desk asks for it


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLine:
    """How a desk stands among those it shares agents with."""

    waiting: int
    in_hand: int
    share: str  # agents
    bursting: bool
    kept_free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """One desk with its times, and how many of its agents are there."""

    href: str
    tenant_id: str
    shop: str
    name: str
    state: str
    is_open: bool
    ring: str
    wrapup: str
    longest_wait: str
    agents: int
    here: int
    ready: int
    standing: StandingLine | None


Standings = Mapping[UUID, tuple[DeskRule, Standing]]
Roster = Sequence[tuple[RosterEntry, Account]]


def desk_lines(
    desks: Sequence[Desk],
    shops: Mapping[UUID, Tenant],
    roster: Roster,
    seats: Mapping[UUID, Seat],
    standings: Standings,
    words: Words,
) -> list[DeskLine]:
    """One line for each desk, in the order of the shops' readings."""
    order = {tenant_id: place for place, tenant_id in enumerate(shops)}
    agents: dict[UUID, list[UUID]] = defaultdict(list)
    for entry, _ in roster:
        agents[entry.desk_id].append(entry.agent_id)
    found = sorted(desks, key=lambda desk: (order.get(desk.tenant_id, len(order)), desk.created_at))
    return [
        _desk_line(
            desk,
            shops[desk.tenant_id],
            [seats[agent].state for agent in agents[desk.id] if agent in seats],
            len(agents[desk.id]),
            standing_line(standings.get(desk.id), words),
            words,
        )
        for desk in found
    ]


def standing_line(found: tuple[DeskRule, Standing] | None, words: Words) -> StandingLine | None:
    """None for a desk that takes no calls."""
    if found is None:
        return None
    rule, standing = found
    return StandingLine(
        waiting=rule.waiting,
        in_hand=rule.in_hand,
        share=words.number(standing.share, 1),
        bursting=standing.bursting,
        kept_free=standing.kept_free,
    )


def _desk_line(
    desk: Desk,
    shop: Tenant,
    states: Sequence[Presence],
    agents: int,
    standing: StandingLine | None,
    words: Words,
) -> DeskLine:
    return DeskLine(
        href=f"/desks/{desk.tenant_id}/{desk.id}",
        tenant_id=str(desk.tenant_id),
        shop=shop.brand_name,
        name=desk.name,
        state=words.gettext(DESK_STATES[desk.state]),
        is_open=desk.state is DeskState.OPEN,
        ring=words.clock(desk.ring_seconds),
        wrapup=words.clock(desk.wrapup_seconds),
        longest_wait=words.clock(desk.max_wait_seconds),
        agents=agents,
        here=sum(state in HERE for state in states),
        ready=sum(state is Presence.READY for state in states),
        standing=standing,
    )


def agent_line(
    account: Account,
    seat: Seat | None,
    *,
    words: Words,
    context: Context,
    place: RosterEntry | None = None,
    desks: int = 0,
    certificate: tuple[str, str] | None = None,
) -> AgentLine:
    """An agent without a seat has never been at work: off duty."""
    state = seat.state if seat else Presence.OFFLINE
    return AgentLine(
        agent_id=str(account.id),
        name=account.name,
        level=place.level if place else 1,
        certified=place.certified if place else True,
        preferred=place.preferred if place else False,
        presence=presence_in(words, state, seat.reason if seat else None),
        badge=BADGES.get(state, ""),
        since=words.ago(seat.since, context.now) if seat and state in HERE else "",
        desks=desks,
        certificate=certificate,
    )


def certificate_line(held: Certificate | None, words: Words, context: Context) -> tuple[str, str]:
    """What an agent's certificate says on a desk that asks for one."""
    if held is None or not holds(held, context.now):
        return words.gettext(N_("Quiz not passed: no calls")), "warn"
    until = words.date(held.expires_at, context.zone)
    return words.gettext(N_("Quiz passed, until {date}")).format(date=until), "good"
