"""Telephones that the house rings, and how people at them behave."""

from typing import Final

from nanori_app.rehearse.piece import Answering, Move
from nanori_app.rehearse.witness import OWN_PHONES
from telephony.adapters.simulator.endpoints import Endpoint

TELEPHONES: Final = {
    Answering.PRESSES_1: Endpoint("human", answer_after=4, digits="1", press_after=5, hang_up_after=90),
    Answering.PRESSES_9: Endpoint("human", answer_after=3, digits="9", press_after=5, hang_up_after=40),
    Answering.VOICEMAIL: Endpoint("voicemail", answer_after=9, hang_up_after=40),
    Answering.BUSY: Endpoint("busy"),
    Answering.NO_ANSWER: Endpoint("no_answer"),
    Answering.UNREACHABLE: Endpoint("unreachable"),
}
"""Of the shops' own people."""


MY_OWN: Final = {
    Move.NO_SOFTPHONE: Endpoint("no_answer"),
    Move.LATE_SOFTPHONE: Endpoint("voicemail", answer_after=6, hang_up_after=40),
    Move.DIES_EARLY: Endpoint("human", answer_after=3, digits="1", press_after=3, hang_up_after=4.5),
}
"""An agent's own, where it comes to nothing: nobody is there, a machine, hung up in the whisper."""
AT_HAND: Final = Endpoint("human", answer_after=3, digits="1", press_after=3)


def own_number(number: int) -> str:
    """Of the agent's telephone with this number."""
    return f"{OWN_PHONES}{number:04}"


def at_home(answering: Answering, talks: float) -> Endpoint:
    """A shopper's telephone: who is at home talks for so many seconds, then hangs up."""
    if answering in {Answering.PRESSES_1, Answering.PRESSES_9}:
        return Endpoint("human", answer_after=4, hang_up_after=talks)
    return TELEPHONES[answering]
