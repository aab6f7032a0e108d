"""A talk script as values: a graph of steps, each with words, things to ask, and ways on."""

from dataclasses import dataclass
from functools import cached_property

from scripts_talk.conditions import ALWAYS, Condition
from scripts_talk.values import END, FieldKind, StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedField:
    """Something to ask and keep. ``key`` names it in what is captured, and stays when the label changes."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Other words for a step, said instead of its own while the condition holds."""

    say: str
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A way on, taken while the condition holds. ``to`` is a step's key or ``END``."""

    to: str
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What a step offers. ``code`` is the shop's own; a subscription is another offer than one order."""

    code: str
    is_subscription: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the talk: what it is for, what to say, what to mind, what to write down, where it leads.

    ``key`` stays when the step is moved; an empty one is given by its place. ``then`` is where the talk goes
    when no branch holds: a step's key, ``END``, or empty for the step below (for the last one: the end).
    """

    title: str
    key: str = ""
    kind: StepKind = StepKind.TALK
    say: str = ""
    wordings: tuple[Wording, ...] = ()
    hint: str = ""
    fields: tuple[CapturedField, ...] = ()
    branches: tuple[Branch, ...] = ()
    then: str = ""
    goods: Goods | None = None


@dataclass(frozen=True)
class Talk:
    """All steps by key. With two steps of one key the first is meant."""

    steps: tuple[Step, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for place in range(len(self.steps)):
            found.setdefault(self.key_at(place), place)
        return found

    @cached_property
    def fields(self) -> dict[str, CapturedField]:
        return {field.key: field for step in self.steps for field in step.fields}

    def key_at(self, place: int) -> str:
        """The key of the step in this place, ``END`` after the last."""
        if place >= len(self.steps):
            return END
        return self.steps[place].key or f"s{place + 1}"

    def step(self, key: str) -> Step | None:
        place = self.places.get(key)
        return None if place is None else self.steps[place]

    def then(self, place: int) -> str:
        """Where the step in this place leads when none of its branches holds."""
        return self.steps[place].then or self.key_at(place + 1)
