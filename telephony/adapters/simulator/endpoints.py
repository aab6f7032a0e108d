"""Telephones that the carrier can be asked to ring, and how the people at them behave."""

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Behaviour = Literal["human", "voicemail", "busy", "no_answer", "unreachable", "manual"]
BEHAVIOURS: Final[frozenset[str]] = frozenset(get_args(Behaviour))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One telephone.

    Attributes:
        behaviour: ``human`` answers after ``answer_after`` seconds and presses ``digits`` once asked to;
            ``voicemail`` answers and never presses; ``manual`` rings until the control interface answers.
        press_after: seconds between being asked and pressing.
        hang_up_after: seconds after answering, when the person ends the call by themselves.
    """

    behaviour: Behaviour = "human"
    answer_after: float = 3.0
    digits: str = ""
    press_after: float = 4.0
    hang_up_after: float | None = None

    @property
    def answers(self) -> bool:
        return self.behaviour in ("human", "voicemail")


@dataclass(frozen=True, slots=True)
class NumberSettings:
    """What the carrier does with calls to one of our numbers."""

    voice_url: str = ""
    status_callback: str = ""
    fallback_url: str = ""
    friendly_name: str = ""


@dataclass(slots=True)
class CarrierSettings:
    """How this carrier is set up.

    Attributes:
        numbers: our numbers; ``any_number`` serves those not listed.
        strict: whatever the carrier finds wrong with us raises ``simulator.Complaint`` where time is moved.
        endpoints: telephones that can be rung; ``usual_endpoint`` stands for those not listed.
    """

    app_url: str = ""
    application_sid: str = "AP" + "0" * 32
    numbers: dict[str, NumberSettings] = field(default_factory=dict)
    any_number: NumberSettings | None = None
    strict: bool = False
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    usual_endpoint: Endpoint = field(default_factory=Endpoint)

    def endpoint(self, number: str) -> Endpoint:
        return self.endpoints.get(number, self.usual_endpoint)
