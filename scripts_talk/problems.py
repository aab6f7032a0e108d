"""What keeps steps from being a script, each as a sentence at its place. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date

from nanori.words import N_
from scripts_talk.capturing import Reading, read_value
from scripts_talk.conditions import Condition, is_never
from scripts_talk.graph import asked_by, ending, reached
from scripts_talk.steps import Branch, CapturedField, Step, Talk
from scripts_talk.values import END, FieldKind, Match, StepKind

MOST_STEPS, MOST_FIELDS, MOST_WAYS = 60, 12, 12
FEWEST_CHOICES = 2
ANY_DAY = date(2026, 1, 1)

NEVER = N_("This condition can never hold. Please check its times and days.")


def problems(steps: Sequence[Step]) -> dict[str, str]:
    """Place to msgid. A place is ``steps``, ``step-2``, or ``step-2-field-1`` (or ``wording``, ``branch``),
    counted from 0. Nothing found: the script may be submitted.
    """
    found: dict[str, str] = {}
    for place, said in _all(Talk(tuple(steps))):
        found.setdefault(place, said)
    return found


def _all(talk: Talk) -> Iterator[tuple[str, str]]:
    yield from _of_the_whole(talk)
    for number, step in enumerate(talk.steps):
        place = f"step-{number}"
        if said := _step_problem(step):
            yield place, said
        for at, field in enumerate(step.fields):
            if said := _field_problem(field):
                yield f"{place}-field-{at}", said
        for at, wording in enumerate(step.wordings):
            if said := _wording_problem(talk, number, wording.when, wording.say):
                yield f"{place}-wording-{at}", said
        for at, branch in enumerate(step.branches):
            if said := _branch_problem(talk, number, branch, step.branches[:at]):
                yield f"{place}-branch-{at}", said
        if step.then and step.then != END and step.then not in talk.places:
            yield place, N_("The step to which this one leads does not exist any more.")
    yield from _of_the_graph(talk)


def _of_the_whole(talk: Talk) -> Iterator[tuple[str, str]]:
    if len(talk.steps) > MOST_STEPS:
        yield "steps", N_("A script has at most 60 steps.")
    keys = [field.key for step in talk.steps for field in step.fields]
    if len(keys) != len(set(keys)):
        yield "steps", N_("Two fields have the same key.")
    for number in range(len(talk.steps)):
        if talk.places[talk.key_at(number)] != number or talk.key_at(number) == END:
            yield f"step-{number}", N_("Another step has the same key.")


def _of_the_graph(talk: Talk) -> Iterator[tuple[str, str]]:
    come_to, ends = reached(talk), ending(talk)
    for number in range(len(talk.steps)):
        key = talk.key_at(number)
        if key not in come_to:
            yield f"step-{number}", N_("No step leads here. Please lead one here, or remove this step.")
        elif key not in ends:
            yield f"step-{number}", N_("From here the talk goes round in a circle and never ends.")


def _step_problem(step: Step) -> str:
    if not step.title:
        return N_("Please give this step a title.")
    if not step.say:
        return N_("Please write what to say in this step.")
    if len(step.fields) > MOST_FIELDS:
        return N_("A step has at most 12 fields.")
    if max(len(step.branches), len(step.wordings)) > MOST_WAYS:
        return N_("A step has at most 12 branches and 12 other wordings.")
    return _kind_problem(step)


def _kind_problem(step: Step) -> str:
    if step.kind is StepKind.OFFER and (step.goods is None or not step.goods.code):
        return N_("Please name the goods that this step offers.")
    if step.kind is StepKind.CANCELLATION and step.wordings:
        return N_("The words of a cancellation are the same for everybody. Please remove the other wordings.")
    return ""


def _field_problem(field: CapturedField) -> str:
    if not field.label:
        return N_("Please name what to write down.")
    if field.kind is FieldKind.CHOICE and len(set(field.choices)) < FEWEST_CHOICES:
        return N_("Please give at least two choices, one a line.")
    return ""


def _wording_problem(talk: Talk, number: int, when: Condition, say: str) -> str:
    if not say:
        return N_("Please write what to say then.")
    if when == Condition():
        return N_("Please say when these words are said.")
    return _condition_problem(talk, number, when)


def _branch_problem(talk: Talk, number: int, branch: Branch, before: Sequence[Branch]) -> str:
    if not branch.to:
        return N_("This branch leads nowhere. Please choose a step, or the end.")
    if branch.to != END and branch.to not in talk.places:
        return N_("The step to which this branch leads does not exist any more.")
    if branch.when == Condition():
        return N_("Please say when the talk goes this way.")
    if any(branch.when == other.when for other in before):
        return N_("A branch above has the same condition: this one is never taken.")
    return _condition_problem(talk, number, branch.when)


def _condition_problem(talk: Talk, number: int, when: Condition) -> str:
    if is_never(when):
        return NEVER
    if when.answer is None:
        return ""
    field = talk.fields.get(when.answer.field)
    if field is None:
        return N_("The field in this condition does not exist any more.")
    if field.key not in asked_by(talk, number):
        return N_("The field in this condition is asked only later: the condition can never hold.")
    return _value_problem(field, when.answer.test, when.answer.value)


def _value_problem(field: CapturedField, test: Match, value: str) -> str:
    """Can a good value of the field ever meet this?"""
    if test is Match.FILLED:
        return ""
    if test in {Match.AT_LEAST, Match.BELOW}:
        return _bound_problem(field, test, value)
    if not value:
        return N_("Please say which answer is meant.")
    read = read_value(field, value, Reading(today=ANY_DAY))
    if read.problem or read.value != value:
        return N_("This answer cannot be given in that field: the condition can never hold.")
    return ""


def _bound_problem(field: CapturedField, test: Match, value: str) -> str:
    if field.kind is not FieldKind.AMOUNT:
        return N_("Only amounts are compared as more or less.")
    if not (value.isascii() and value.isdecimal()):
        return N_("This is not an amount in yen. Example: 3,980")
    return NEVER if test is Match.BELOW and int(value) == 0 else ""
