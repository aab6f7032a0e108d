"""One talk on its way through a script: which words are said, which step comes next. Pure."""

from collections.abc import Collection, Mapping, Sequence

from scripts_talk.conditions import Moment, chosen
from scripts_talk.steps import Step, Talk
from scripts_talk.values import END, StepKind


def words_of(step: Step, moment: Moment, captured: Mapping[str, str]) -> str:
    """What to say now. The words of a cancellation never vary."""
    if step.kind is StepKind.CANCELLATION:
        return step.say
    other = chosen(step.wordings, moment, captured)
    return other.say if other else step.say


def following(talk: Talk, key: str, moment: Moment, captured: Mapping[str, str]) -> str:
    """The key of the step after this one, ``END`` after the last; a target that is missing ends the talk."""
    place = talk.places.get(key)
    if place is None:
        return END
    branch = chosen(talk.steps[place].branches, moment, captured)
    wanted = branch.to if branch else talk.then(place)
    return wanted if wanted in talk.places else END


def held_back(talk: Talk, way: Sequence[str], gone: int, read_out: Collection[str], to: str) -> str:
    """The locked step that has to be read out before the talk may come to ``to``; "" for none.

    Args:
        way: the steps that were gone, the first ``gone`` of them, and those to come.
        read_out: locked steps whose words were read out.

    Off the way a talk may go back and forth until it has reached such a step.
    """
    unread = [key for key in way if _is_locked(talk, key) and key not in read_out]
    if not unread or to in way[: way.index(unread[0]) + 1]:
        return ""
    return unread[0] if to in way or unread[0] in way[:gone] else ""


def _is_locked(talk: Talk, key: str) -> bool:
    step = talk.step(key)
    return step is not None and step.kind is StepKind.CANCELLATION


def way_from(talk: Talk, key: str, moment: Moment, captured: Mapping[str, str]) -> list[str]:
    """The steps to come from this one on, itself first, as the values stand; a circle is gone round once."""
    way: list[str] = []
    while key != END and key not in way and key in talk.places:
        way.append(key)
        key = following(talk, key, moment, captured)
    return way
