"""Who may be let in by a route: words for the entries of ``route_cases.py``."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.world import Scene, Who

AGENT, SUPERVISOR, OPERATOR, MERCHANT = Who.AGENT, Who.SUPERVISOR, Who.OPERATOR, Who.MERCHANT


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``allowed`` maps each role that gets in to the status it gets, with ids of its own shop."""

    allowed: Mapping[Who, int] = field(default_factory=dict)
    everybody: int | None = None  # doors without a person behind them: the same for all
    form: Mapping[str, str] = field(default_factory=dict)
    scene: Scene | None = None  # what the agent has on the line
    values: Mapping[str, str] = field(default_factory=dict)  # path parameters that are no ids
    repeatable: bool = False  # taking away what is not there succeeds, and changes nothing
    stream: bool = False  # never ends: who gets in is shown in tests/nanori/test_two_processes.py


def staff(status: int = 200, **more: object) -> Case:
    return case_for({AGENT: status, SUPERVISOR: status, OPERATOR: status}, more)


def leaders(status: int = 200, **more: object) -> Case:
    return case_for({SUPERVISOR: status, OPERATOR: status}, more)


def operators(status: int = 200, **more: object) -> Case:
    return case_for({OPERATOR: status}, more)


def merchants(status: int = 200, **more: object) -> Case:
    return case_for({MERCHANT: status}, more)


def agents(status: int = 200, **more: object) -> Case:
    return case_for({AGENT: status}, more)


def supervisors(status: int = 200, **more: object) -> Case:
    return case_for({SUPERVISOR: status}, more)


def quiz_writers(status: int = 200, **more: object) -> Case:
    return case_for({SUPERVISOR: status, OPERATOR: status, MERCHANT: status}, more)


def agents_and_supervisors(status: int = 200, **more: object) -> Case:
    return case_for({AGENT: status, SUPERVISOR: status}, more)


mail_readers = agents_and_supervisors
speakers = agents_and_supervisors  # whoever may speak in a call


def all_roles(status: int = 200, **more: object) -> Case:
    return case_for({AGENT: status, SUPERVISOR: status, OPERATOR: status, MERCHANT: status}, more)


def unsigned() -> Case:
    """Webhooks: nobody here signs as the carrier does, so nobody gets in."""
    return Case(everybody=403)


def file(path: str) -> Case:
    return Case(everybody=200, values={"file_path": path})


def case_for(allowed: Mapping[Who, int], more: Mapping[str, object]) -> Case:
    return Case(allowed=allowed, **more)  # type: ignore[arg-type]  # the dataclass checks by its own names
