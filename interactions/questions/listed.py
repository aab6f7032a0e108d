"""Questions to a shop, and what it decided once and for all, for programs: as the shop's page shows them."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from interactions.questions.debt import Proposal
from interactions.questions.queries import Held
from interactions.questions.values import QuestionState, Side
from nanori.sheets import Cell, Listed
from tenants.escalation.models import AuthorityLimit

WITH_SHOP = frozenset({QuestionState.ASKED, QuestionState.ACKNOWLEDGED})
HEADS = (
    "id", "number", "state", "turn", "turn_since", "subject", "amount_yen", "text", "verdict", "answer",
    "asked_at", "closed_at", "shop_held_s", "desk_held_s",
)  # fmt: skip
LIMIT_HEADS = ("state", "subject", "amount_yen", "note", "approved", "asked")


def questions_listed(questions: Iterable[Held], zone: str) -> Listed:
    """A row for each; the question's own words only while the shop may answer, times by the shop's clock."""
    return Listed("questions", HEADS, [_row(one, ZoneInfo(zone)) for one in questions])


def limits_listed(limits: Iterable[AuthorityLimit], proposed: Iterable[Proposal]) -> Listed:
    """What the desk decides unasked (without an amount: whatever it costs), then what is proposed."""
    rows: list[Sequence[Cell]] = [
        ("agreed", one.subject, one.amount_yen, one.note, None, None) for one in limits
    ]
    rows += [("proposed", one.subject, one.amount_yen, "", one.approved, one.asked) for one in proposed]
    return Listed("limits", LIMIT_HEADS, rows)


def _row(held: Held, clock: ZoneInfo) -> Sequence[Cell]:
    one, debt = held.question, held.debt
    return (
        str(one.id), one.number, one.state.value, debt.holder.value if debt.holder else None,
        debt.since.astimezone(clock).isoformat() if debt.since else None, one.subject, one.amount_yen,
        one.text if one.state in WITH_SHOP else "", one.verdict.value if one.verdict else None, one.answer,
        one.asked_at.astimezone(clock).isoformat(),
        one.closed_at.astimezone(clock).isoformat() if one.closed_at else None,
        int(debt.held[Side.SHOP].total_seconds()), int(debt.held[Side.DESK].total_seconds()),
    )  # fmt: skip
