"""Chance for the rarer ways of a call: menu, callback, transfer, supervision, calls of our own."""

from nanori_app.rehearse.dice import Dice
from nanori_app.rehearse.piece import Answering, Leaving, Passing, Transfer, Visit

MENU = (("1",), ("2",), ("3",), ("3", "0"), ("4",), ("9", "1"), ("", "2"), ("", "", ""))
"""Keys in turn: own queue, other desk, the answer, a person after it, voicemail, wrong ones, silence."""
PASSING_WEIGHTS = {Passing.HAND_OVER: 4, Passing.COLD: 4, Passing.COME_BACK: 2, Passing.ALL_THREE: 2}
NEVER_DIALLED = ("110", "119", "0990-504-321", "+12025550123", "0570-000-123", "")
MODES = ("listen", "whisper", "barge")


def menu_keys(dice: Dice) -> tuple[str, ...]:
    return dice.one_of(MENU, (6, 4, 1, 1, 1, 2, 2, 1))


def called_back(dice: Dice) -> tuple[Answering, ...]:
    """Some are not at home the first time, few never."""
    at_home = (Answering.PRESSES_1, Answering.BUSY, Answering.NO_ANSWER, Answering.VOICEMAIL)
    return tuple(dice.one_of(at_home, (6, 2, 2, 1)) for _ in range(4))


def transfer(dice: Dice) -> Transfer:
    ways = list(Passing)
    return Transfer(
        after=dice.seconds(2, 20),
        way=dice.one_of(ways, [PASSING_WEIGHTS.get(way, 1) for way in ways]),
        talks=dice.seconds(0.2, 20),
        patience=dice.seconds(1, 30),
    )


def visit(dice: Dice) -> Visit:
    steps = tuple((dice.one_of(MODES), dice.seconds(0.1, 12)) for _ in range(1 + dice.below(3)))
    return Visit(
        after=dice.seconds(1, 25),
        asked=dice.percent(30),
        steps=steps,
        leaving=dice.one_of(list(Leaving), (3, 2, 2)),
    )


def on_duty(dice: Dice) -> tuple[Answering, ...]:
    return tuple(dice.one_of(list(Answering), (6, 1, 1, 1, 1, 1)) for _ in range(2))


def to_call(dice: Dice) -> tuple[str, bool]:
    """A number as an agent types it, and whether it may be called."""
    if dice.percent(15):
        return dice.one_of(NEVER_DIALLED), False
    return f"090-5000-{dice.below(10_000):04}", True
