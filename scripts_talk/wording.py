"""What the parts of a script are called."""

from nanori.words import N_
from scripts_talk.upsell import Term
from scripts_talk.values import NO, YES, FieldKind, Match, ScriptState, Situation, StepKind

FIRST_NAME = N_("Talk script")

KINDS = {
    FieldKind.TEXT: N_("Text"),
    FieldKind.PHONE: N_("Phone number"),
    FieldKind.ORDER_NUMBER: N_("Order number"),
    FieldKind.POSTAL_CODE: N_("Postal code"),
    FieldKind.DATE: N_("Date"),
    FieldKind.CHOICE: N_("Choice"),
    FieldKind.YES_NO: N_("Yes or no"),
    FieldKind.AMOUNT: N_("Amount"),
}
STEP_KINDS = {
    StepKind.TALK: N_("Talk"),
    StepKind.OFFER: N_("Offer"),
    StepKind.CANCELLATION: N_("Cancellation"),
}
TESTS = {
    Match.EQUALS: N_("exactly"),
    Match.FILLED: N_("anything"),
    Match.AT_LEAST: N_("at least"),
    Match.BELOW: N_("less than"),
}
SITUATIONS = {
    Situation.AFTER_WAIT: N_("After a wait"),
    Situation.OUTSIDE_HOURS: N_("Outside opening hours"),
}
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
ANSWERS = {YES: N_("yes"), NO: N_("no")}
TERMS = {
    Term.PRICE: N_("Price"),
    Term.PAYMENT: N_("When and how to pay"),
    Term.DELIVERY: N_("When it is delivered"),
    Term.CANCELLATION: N_("Returns and cancellation"),
    Term.PERIOD: N_("Period and total of the subscription"),
}
NOTHING_IN_FORCE = N_("Not published")
STATES = {
    ScriptState.DRAFT: (N_("Draft: version {n}"), "warn", "pencil"),
    ScriptState.SUBMITTED: (N_("Waits for the shop: version {n}"), "accent", "hourglass"),
    ScriptState.APPROVED: (N_("Approved: version {n}"), "accent", "check"),
    ScriptState.PUBLISHED: (N_("Published: version {n}"), "good", "check"),
}
