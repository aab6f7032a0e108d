"""The debt clock: whose turn it is, since when, and how long each side has held the matter. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from interactions.questions.values import MoveKind, Side, Verdict

TURN_AFTER = {
    MoveKind.ASKED: Side.SHOP,
    MoveKind.ACKNOWLEDGED: Side.SHOP,
    MoveKind.ANSWERED: Side.DESK,
    MoveKind.ASKED_AGAIN: Side.SHOP,
    MoveKind.CLOSED: None,
}
ENOUGH = 3
"""As often must a shop have approved one kind of thing before a limit is proposed."""


@dataclass(frozen=True, slots=True)
class Debt:
    """``holder`` is None, and ``since`` too, when nobody's turn is left."""

    holder: Side | None = None
    since: datetime | None = None
    held: dict[Side, timedelta] = field(default_factory=lambda: dict.fromkeys(Side, timedelta()))


@dataclass(frozen=True, slots=True)
class Decided:
    """What the shop decided about one question."""

    subject: str
    amount_yen: int | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Proposal:
    """A limit that would have made questions unnecessary."""

    subject: str
    amount_yen: int
    approved: int  # questions that it would have saved
    asked: int  # of this kind


def debt(moves: Iterable[tuple[MoveKind, datetime]], now: datetime) -> Debt:
    """Both clocks at ``now``. Acknowledging does not hand the ball back; moves come in their order."""
    holder: Side | None = None
    since = now
    held = dict.fromkeys(Side, timedelta())
    for kind, at in moves:
        turn = TURN_AFTER[kind]
        if turn is holder:
            continue
        if holder is not None:
            held[holder] += at - since
        holder, since = turn, at
    if holder is None:
        return Debt(None, None, held)
    held[holder] += max(now - since, timedelta())
    return Debt(holder, since, held)


def proposals(decided: Sequence[Decided], limits: dict[str, int | None]) -> list[Proposal]:
    """Limits drawn from what the shop approved again and again, the most useful first.

    The proposed amount is the highest that was approved below everything that was refused. ``limits`` are
    those in force, by subject: what they cover already is not proposed.
    """
    found = []
    for subject in dict.fromkeys(one.subject for one in decided):
        of_kind = [one for one in decided if one.subject == subject and one.amount_yen is not None]
        refused = [one.amount_yen or 0 for one in of_kind if one.verdict is Verdict.REFUSED]
        lid = min(refused, default=None)
        approved = [
            one.amount_yen or 0
            for one in of_kind
            if one.verdict is Verdict.APPROVED and (lid is None or (one.amount_yen or 0) < lid)
        ]
        is_covered = subject in limits and (
            limits[subject] is None or (limits[subject] or 0) >= max(approved, default=0)
        )
        if len(approved) >= ENOUGH and not is_covered:
            found.append(Proposal(subject, max(approved), len(approved), len(of_kind)))
    return sorted(found, key=lambda one: -one.approved)
