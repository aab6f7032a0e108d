"""The gate in front of an offer that the caller did not ask for. Pure; the law behind it is in
``docs/algorithms/scripts.md``.

Who calls because of an advertisement and is urged to buy what it did not show, or a subscription instead of
the one order that it showed, is solicited by telephone: with the duties of that, or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from nanori.words import N_
from scripts_talk.steps import Goods
from scripts_talk.values import Passage, StepKind

COOLING_OFF_DAYS = 8
"""The day on which the written document arrives is the first of them."""


class Term(StrEnum):
    """What an advertisement must show of an offer, so that it counts as shown."""

    PRICE = "price"
    PAYMENT = "payment"  # when and how
    DELIVERY = "delivery"
    CANCELLATION = "cancellation"
    PERIOD = "period"  # of a subscription: how long, how often, what it costs altogether


class Outcome(StrEnum):
    """What came of a step: the caller's word to an offer, or the agent's that locked words were read out."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    READ_OUT = "read_out"


OUTCOMES = {
    StepKind.TALK: frozenset[Outcome](),
    StepKind.OFFER: frozenset({Outcome.ACCEPTED, Outcome.REFUSED}),
    StepKind.CANCELLATION: frozenset({Outcome.READ_OUT}),
}
"""What can come of which step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertised:
    """Goods as an advertisement showed them."""

    code: str
    name: str
    is_subscription: bool = False
    shown: frozenset[Term] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertisement:
    """A campaign as far as the gate looks at it."""

    code: str
    goods: tuple[Advertised, ...] = ()
    allows_solicitation: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """``why`` is a msgid for the agent; empty where nothing has to be explained."""

    passage: Passage
    why: str = ""


def gate(goods: Goods, advertisements: Sequence[Advertisement], *, was_refused: bool) -> Verdict:
    """May this be offered in this call?

    Args:
        advertisements: all that may have made the shopper call; open is only what each of them showed.
        was_refused: a solicitation has been refused in this call already.
    """
    if not advertisements:
        return Verdict(
            Passage.CLOSED, N_("No campaign belongs to this call: nothing is known to have been advertised.")
        )
    lacking = [why for one in advertisements if (why := _lacking(goods, one))]
    if not lacking:
        return Verdict(Passage.OPEN)
    if was_refused:
        return Verdict(
            Passage.CLOSED, N_("The caller has refused an offer: a second solicitation is forbidden.")
        )
    if all(one.allows_solicitation for one in advertisements):
        return Verdict(Passage.AS_SOLICITATION, lacking[0])
    return Verdict(Passage.CLOSED, lacking[0])


def required_terms(*, is_subscription: bool) -> frozenset[Term]:
    always = frozenset(Term) - {Term.PERIOD}
    return always | {Term.PERIOD} if is_subscription else always


def cooling_off_until(received: date) -> date:
    """The last day on which the contract may be withdrawn, when its document arrived on this day."""
    return received + timedelta(days=COOLING_OFF_DAYS - 1)


def _lacking(goods: Goods, advertisement: Advertisement) -> str:
    named = [one for one in advertisement.goods if one.code == goods.code]
    if not named:
        return N_("The advertisement did not show these goods.")
    alike = [one for one in named if one.is_subscription == goods.is_subscription]
    if not alike:
        return (
            N_("The advertisement showed a single order, not a subscription.")
            if goods.is_subscription
            else N_("The advertisement showed a subscription, not a single order.")
        )
    wanted = required_terms(is_subscription=goods.is_subscription)
    if not any(wanted <= one.shown for one in alike):
        return N_("The advertisement did not show all terms of this offer.")
    return ""
