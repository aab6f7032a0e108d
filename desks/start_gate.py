"""What must be there before a seasonal desk is scheduled: facts from the database, items made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.gates import Asked, Item
from desks.models import RosterEntry
from desks.season_models import GateProof
from desks.season_queries import calendar_of_desk, proofs_of
from desks.staffing.erlang import Load, rostered, seats_needed
from desks.values import Outside
from nanori.actors import Role
from nanori.identity.models import Account
from nanori.text import phone_for_people
from nanori.words import N_
from scripts_talk.queries import has_published_script
from scripts_talk.quiz.models import Certificate
from tenants import promises, queries
from tenants.hours import opens_next
from tenants.models import Contact, ContractTerms
from tenants.phrases import Phrase
from tenants.values import DayPart, Situation

HALF_AN_HOUR = 1800.0
TESTED, CONFIRMED = "tested", "contact"
"""Keys of the items that need a proof."""
DEFAULT_WITHIN, DEFAULT_TARGET = 20, 80
"""Where no service level is agreed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """Agents to plan for the busiest half hour, those away included, and trained ones on the roster."""

    needed: int | None  # None: more than anybody could seat; 0 while the calls are unknown
    there: int
    certified: int = 0  # of them, when the season opens

    @property
    def is_enough(self) -> bool:
        return bool(self.needed) and self.there >= (self.needed or 0)

    @property
    def passed_enough(self) -> bool:
        """At least one, even while the calls are unknown."""
        return self.needed is not None and self.certified >= max(self.needed, 1)


async def start_items(session: AsyncSession, asked: Asked) -> Sequence[Item]:
    """Everything that this room can tell."""
    shop, base = asked.shop, f"/shops/{asked.shop.tenant_id}"
    lines = [one.line for one in await promises.promises_to(session, shop.tenant_id, asked.desk.id)]
    numbers = [line for line in lines if line.startswith("+")]
    staffing = await staffing_of(session, asked)
    quiz = f"/knowledge/{shop.tenant_id}/quiz"
    return [
        dates_item(asked.season.closes_at, asked.now),
        lines_item(lines),
        tested_item(numbers, await proofs_of(session, asked.desk, TESTED), since=asked.season.changed_at),
        phrase_item(await queries.phrases_of(session, shop.tenant_id, asked.desk.id), page=f"{base}/phrases"),
        script_item(
            is_published=await has_published_script(session, shop.tenant_id, desk_id=asked.desk.id),
            page=f"{base}/script",
        ),
        contact_item(
            await queries.contacts_to_call(session, shop.tenant_id),
            await proofs_of(session, asked.desk, CONFIRMED),
            page=f"{base}/contacts",
        ),
        outside_item(asked.season.outside, asked.season.before_message, asked.season.after_message),
        hours_item(await _opens(session, asked), asked.season.closes_at),
        roster_item(staffing),
        *([quiz_item(staffing, page=quiz)] if asked.desk.needs_certificate else []),
    ]


async def staffing_of(session: AsyncSession, asked: Asked) -> Staffing:
    """Trained agents on the roster against those whom the expected calls need."""
    desk, season = asked.desk, asked.season
    holds = exists().where(
        Certificate.tenant_id == RosterEntry.tenant_id,
        Certificate.agent_id == RosterEntry.agent_id,
        Certificate.expires_at > max(asked.now, season.opens_at),
    )
    found = await session.execute(
        select(func.count(), func.count().filter(holds))
        .select_from(RosterEntry)
        .join(Account, Account.id == RosterEntry.agent_id)
        .where(
            RosterEntry.tenant_id == desk.tenant_id, RosterEntry.desk_id == desk.id, RosterEntry.certified,
            Account.disabled_at.is_(None),
        )
    )  # fmt: skip
    there, certified = found.one()
    terms = await queries.terms_on(session, desk.tenant_id, season.opens_on)
    needed = seats(season.busy_calls, season.handling_seconds, terms)
    planned = None if needed is None else rostered(needed, desk.away_percent / 100)
    return Staffing(needed=planned, there=there, certified=certified)


def seats(calls: int, handling_seconds: int, terms: ContractTerms | None) -> int | None:
    """Agents for so many calls in half an hour, at the service level agreed (Erlang C). No calls: nobody."""
    if not calls:
        return 0
    load = Load(calls=calls, interval=HALF_AN_HOUR, handling=handling_seconds)
    within = terms.answer_within_seconds if terms else DEFAULT_WITHIN
    target = terms.target_percent if terms else DEFAULT_TARGET
    return seats_needed(load, within=within, target=target / 100)


def dates_item(closes_at: datetime, now: datetime) -> Item:
    return Item(
        key="dates", done=closes_at > now, mends=Role.SUPERVISOR, page="#dates",
        there=N_("Its dates are still to come"), lacking=N_("Its last day is over"),
    )  # fmt: skip


def lines_item(lines: Sequence[str]) -> Item:
    return Item(
        key="lines", done=bool(lines), mends=Role.SUPERVISOR, page="#lines",
        there=N_("Numbers and addresses are reserved"), lacking=N_("No number or address is reserved"),
    )  # fmt: skip


def tested_item(numbers: Sequence[str], proofs: Mapping[str, GateProof], *, since: datetime) -> Item:
    """Each number was called since the plan last changed, and the right greeting was heard."""
    untested = [one for one in numbers if not _is_proven(proofs.get(one), since)]
    return Item(
        key=TESTED, done=not untested, mends=Role.SUPERVISOR, page="#lines",
        there=N_("A test call to each number ended in the right greeting"),
        lacking=N_("No test call to {numbers} has ended in the right greeting since the last change"),
        params={"numbers": ", ".join(map(phone_for_people, untested))},
    )  # fmt: skip


def _is_proven(proof: GateProof | None, since: datetime) -> bool:
    return proof is not None and proof.good and proof.at >= since


def phrase_item(phrases: Sequence[Phrase], *, page: str) -> Item:
    ordinary = (Situation.NORMAL, DayPart.ANY)
    return Item(
        key="phrase", done=any((one.situation, one.day_part) == ordinary for one in phrases),
        mends=Role.OPERATOR, page=page,
        there=N_("The shop has an answer phrase in force"),
        lacking=N_("There is no ordinary answer phrase for all day"),
    )  # fmt: skip


def script_item(*, is_published: bool, page: str) -> Item:
    return Item(
        key="script", done=is_published, mends=Role.OPERATOR, page=page,
        there=N_("The talk script is published"), lacking=N_("No talk script is published"),
    )  # fmt: skip


def contact_item(contacts: Sequence[Contact], proofs: Mapping[str, GateProof], *, page: str) -> Item:
    """Whoever is called first has said that it is right so; another number has to be asked again."""
    if not contacts:
        return Item(
            key=CONFIRMED, done=False, mends=Role.OPERATOR, page=page,
            there="", lacking=N_("There is nobody to call when an agent needs the shop"),
        )  # fmt: skip
    first = contacts[0]
    proof = proofs.get(first.phone)
    return Item(
        key=CONFIRMED, done=proof is not None and proof.good, mends=Role.SUPERVISOR, page="#contact",
        there=N_("{name} has confirmed to be called first"),
        lacking=N_("{name}, who is called first, has not confirmed it for this season"),
        params={"name": first.name},
    )  # fmt: skip


def outside_item(outside: Outside, before: str, after: str) -> Item:
    done = bool(before and after) or outside is Outside.FORWARD
    return Item(
        key="outside", done=done, mends=Role.SUPERVISOR, page="#callers",
        there=N_("Callers hear what they need before and after the season"),
        lacking=N_("Callers before or after the season would hear nothing of it"),
    )  # fmt: skip


async def _opens(session: AsyncSession, asked: Asked) -> datetime | None:
    """When somebody is first answered, by the desk's hours."""
    return opens_next(await calendar_of_desk(session, asked.shop, asked.desk), asked.season.opens_at)


def hours_item(opens: datetime | None, closes_at: datetime) -> Item:
    return Item(
        key="hours", done=opens is not None and opens < closes_at, mends=Role.SUPERVISOR,
        page="#hours",
        there=N_("It has opening hours within its dates"),
        lacking=N_("By its opening hours it would never be open within its dates"),
    )  # fmt: skip


def roster_item(found: Staffing) -> Item:
    params = {"there": found.there, "needed": found.needed if found.needed is not None else "∞"}
    lacking = N_("{there} trained agents are on the roster; the busiest half hour needs {needed}")
    if found.needed == 0:
        lacking = N_("How many calls are expected is not known, so nobody can say how many agents are needed")
    return Item(
        key="roster", done=found.is_enough, mends=Role.SUPERVISOR, page="#people", params=params,
        there=N_("{there} trained agents cover the busiest half hour, which needs {needed}"),
        lacking=lacking,
    )  # fmt: skip


def quiz_item(found: Staffing, *, page: str) -> Item:
    """Only where the desk asks for the shop's certificate; it must hold on the first day."""
    params = {
        "certified": found.certified,
        "needed": max(found.needed, 1) if found.needed is not None else "∞",
    }
    return Item(
        key="quiz", done=found.passed_enough, mends=Role.SUPERVISOR, page=page, params=params,
        there=N_("{certified} trained agents have passed the shop's quiz, {needed} are needed"),
        lacking=N_(
            "{certified} trained agents hold the shop's certificate on the first day; {needed} are needed"
        ),
    )  # fmt: skip
