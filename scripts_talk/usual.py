"""The talk that most calls follow, in the shop's own language: something to begin a first script with."""

from nanori.words import N_, words_for
from scripts_talk.steps import CapturedField, Step
from scripts_talk.values import FieldKind

REASON = N_("Ask for the reason"), N_("How may I help you today?")
CALLER = N_("Ask who is calling"), N_("May I ask for your name and your order number, please?")
CALLER_HINT = N_("A telephone number alone proves nothing: tell nothing of an order before this.")
REPEAT = N_("Say it back"), N_("Let me repeat that. … Is that right?")
REPEAT_HINT = N_("Dates, numbers of pieces and amounts are always repeated.")
ANSWER = N_("Give the answer"), N_("Thank you for waiting. …")
ANSWER_HINT = N_("What nobody knows for sure is asked of the shop, never guessed.")
GOODBYE = N_("Say goodbye"), N_("Is there anything else I can do for you? Thank you very much for calling.")


def usual_talk(locale: str) -> tuple[Step, ...]:
    """Five steps after the shop's name was said; what is written down is the caller's name and order."""
    said = words_for(locale).gettext

    def step(titled: tuple[str, str], hint: str = "", *fields: CapturedField) -> Step:
        title, say = titled
        return Step(title=said(title), say=said(say), hint=said(hint) if hint else "", fields=fields)

    name = CapturedField(key="name", label=said(N_("Caller's name")), required=True)
    order = CapturedField(key="order", label=said(N_("Order number")), kind=FieldKind.ORDER_NUMBER)
    return (
        step(REASON),
        step(CALLER, CALLER_HINT, name, order),
        step(REPEAT, REPEAT_HINT),
        step(ANSWER, ANSWER_HINT),
        step(GOODBYE),
    )
