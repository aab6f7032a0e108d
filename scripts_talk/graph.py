"""Where a talk can lead: which steps are reached, which of them ever end, what was asked before. Pure."""

from collections.abc import Callable, Iterable

from scripts_talk.conditions import is_never
from scripts_talk.steps import Talk
from scripts_talk.values import END


def ways_on(talk: Talk, place: int) -> list[str]:
    """Keys to which the step in this place can lead; targets that do not exist are left out."""
    step = talk.steps[place]
    wanted = [branch.to for branch in step.branches if not is_never(branch.when)]
    return [key for key in [*wanted, talk.then(place)] if key == END or key in talk.places]


def reached(talk: Talk) -> set[str]:
    """Keys of the steps that a talk can come to from the first one."""
    ways = {talk.key_at(place): ways_on(talk, place) for place in range(len(talk.steps))}
    return _spread([talk.key_at(0)] if talk.steps else [], lambda key: ways.get(key, [])) - {END}


def ending(talk: Talk) -> set[str]:
    """Keys of the steps from which the end can be reached."""
    before: dict[str, list[str]] = {}
    for place in range(len(talk.steps)):
        for key in ways_on(talk, place):
            before.setdefault(key, []).append(talk.key_at(place))
    return _spread([END], lambda key: before.get(key, [])) - {END}


def asked_by(talk: Talk, place: int) -> set[str]:
    """Keys of the fields that some way to the step in this place has asked, its own among them."""
    before: dict[str, list[str]] = {}
    for other in range(len(talk.steps)):
        for key in ways_on(talk, other):
            before.setdefault(key, []).append(talk.key_at(other))
    passed = _spread([talk.key_at(place)], lambda key: before.get(key, []))
    return {field.key for key in passed if (step := talk.step(key)) for field in step.fields}


def _spread(start: Iterable[str], further: Callable[[str], Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting.extend(further(key))
    return seen
