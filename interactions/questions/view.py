"""A question to a shop as templates print it, the same for the desk and for the shop: without any agent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from interactions.questions.models import QuestionMove, QuestionReach
from interactions.questions.queries import Held
from interactions.questions.values import MoveKind, QuestionState, Side, Verdict
from nanori.text import phone_for_people
from nanori.words import N_, Words
from tenants.escalation.values import Medium
from tenants.models import Tenant

STATES = {
    QuestionState.ASKED: (N_("Asked"), "warn"),
    QuestionState.ACKNOWLEDGED: (N_("The shop has seen it"), "accent"),
    QuestionState.ANSWERED: (N_("The shop has answered"), "good"),
    QuestionState.CLOSED: (N_("Settled"), ""),
}
HOLDERS = {Side.SHOP: N_("The shop's turn"), Side.DESK: N_("The desk's turn")}
VERDICTS = {
    Verdict.APPROVED: N_("Yes, please do so"),
    Verdict.REFUSED: N_("No"),
    Verdict.OTHER: N_("Do something else"),
}
MOVES = {
    MoveKind.ASKED: N_("The shop was asked"),
    MoveKind.ACKNOWLEDGED: N_("The shop has seen it"),
    MoveKind.ANSWERED: N_("The shop answered"),
    MoveKind.ASKED_AGAIN: N_("The shop was asked once more"),
    MoveKind.CLOSED: N_("Settled"),
}
MEDIA = {
    Medium.PHONE: N_("Called by telephone"),
    Medium.SMS: N_("Text message (SMS)"),
    Medium.MAIL: N_("Mail"),
    Medium.PORTAL: N_("Notice on the shop's page"),
}
MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    id: UUID
    href: str
    shop: Tenant
    number: int
    subject: str
    amount: str
    text: str
    state: str
    state_kind: str
    is_open: bool
    is_asked: bool
    with_shop: bool  # the shop may answer
    is_answered: bool
    is_exhausted: bool  # nothing of the policy is left to try, and nobody has seen it
    verdict: str
    answer: str
    asked: str
    turn: str  # whose; "" for nobody's
    is_shops_turn: bool
    since: str  # how long it has been that side's
    desk_held: str
    shop_held: str


NOT_SENT = N_("not sent: the shop has no mail address")
FAILURES = {
    "no_number": N_("not called: the shop has no number of its own"),
    "nobody_reached": N_("nobody was reached"),
}
"""Why a try came to nothing."""
HOW = {
    "ringing": N_("is being rung"),
    "texted": N_("text is on its way"),
    "delivered": N_("text delivered"),
    "pressed": N_("pressed 1: has seen it"),
    "unpressed": N_("picked up, pressed nothing"),
    "busy": N_("busy"),
    "no-answer": N_("no answer"),
    "failed": N_("could not be reached"),
    "unknown": N_("the carrier did not tell"),
}
"""How far somebody was reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentView:
    """One line of a question's story."""

    at: datetime
    said: str
    people: Sequence[str] = ()
    failure: str = ""
    is_to_call: bool = False  # nobody is on the line: a person has to telephone


def question_view(held: Held, shops: Mapping[UUID, Tenant], words: Words, now: datetime) -> QuestionView:
    one, clocks = held.question, held.debt
    shop = shops[one.tenant_id]
    said, kind = STATES[one.state]
    return QuestionView(
        id=one.id,
        href=f"/questions/{one.tenant_id}/{one.id}",
        shop=shop,
        number=one.number,
        subject=one.subject,
        amount="" if one.amount_yen is None else words.money(one.amount_yen),
        text=one.text,
        state=words.gettext(said),
        state_kind=kind,
        is_open=one.state is not QuestionState.CLOSED,
        is_asked=one.state is QuestionState.ASKED,
        with_shop=one.state in {QuestionState.ASKED, QuestionState.ACKNOWLEDGED},
        is_answered=one.state is QuestionState.ANSWERED,
        is_exhausted=one.exhausted_at is not None and one.state is QuestionState.ASKED,
        verdict=words.gettext(VERDICTS[one.verdict]) if one.verdict else "",
        answer=one.answer,
        asked=words.moment(one.asked_at, ZoneInfo(shop.zone)),
        turn=words.gettext(HOLDERS[clocks.holder]) if clocks.holder else "",
        is_shops_turn=clocks.holder is Side.SHOP,
        since=_length((now - clocks.since).total_seconds(), words) if clocks.since else "",
        desk_held=_length(clocks.held[Side.DESK].total_seconds(), words),
        shop_held=_length(clocks.held[Side.SHOP].total_seconds(), words),
    )


def story(
    moves: Iterable[QuestionMove], reaches: Sequence[QuestionReach], words: Words, *, waits: bool
) -> list[MomentView]:
    """What happened, the oldest first. ``waits``: the last try still counts, so a call is to be made."""
    lines = [MomentView(at=one.at, said=words.gettext(MOVES[one.kind])) for one in moves]
    last = reaches[-1].id if reaches else None
    for one in reaches:
        calls = one.medium is Medium.PHONE
        lines.append(
            MomentView(
                at=one.at,
                said=words.gettext(MEDIA[one.medium]),
                people=[_who(who, words, calls=calls) for who in one.people if who["name"]],
                failure=words.gettext(FAILURES.get(one.failure, NOT_SENT)) if one.failure else "",
                is_to_call=calls and waits and one.id == last and one.failure is not None,
            )
        )
    return sorted(lines, key=lambda line: line.at)


def _who(who: Mapping[str, Any], words: Words, *, calls: bool) -> str:
    said = f"{who['name']} {phone_for_people(who['to'])}" if calls else who["name"]
    how = HOW.get(who.get("how", ""), "")
    return f"{said}: {words.gettext(how)}" if how else str(said)


def _length(seconds: float, words: Words) -> str:
    """Whole minutes: nobody answers by the second."""
    return words.duration(int(seconds) // MINUTE * MINUTE) if seconds >= MINUTE else words.duration(0)
