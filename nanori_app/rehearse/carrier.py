"""The simulated carrier of a play: its numbers as ours are set up, and its schedule as our clock."""

from datetime import datetime
from typing import Any

from nanori.clock import whole_milliseconds
from telephony.adapters.simulator.endpoints import CarrierSettings, NumberSettings
from telephony.adapters.simulator.simulator import Simulator

APP_SID = "AP" + "7" * 32


class SimulatorClock:
    """Our clock is the carrier's schedule; before there is one it shows ``start``."""

    def __init__(self, start: datetime) -> None:
        self.simulator: Simulator | None = None
        self.start = start

    def now(self) -> datetime:
        return whole_milliseconds(self.simulator.now if self.simulator else self.start)


def carrier_settings(public_url: str, numbers: list[str], others: dict[str, Any]) -> CarrierSettings:
    """The simulated carrier with these numbers, set up as ours are."""
    ours = NumberSettings(
        f"{public_url}/tw/in#rc=1&rp=ct,rt,5xx",
        status_callback=f"{public_url}/tw/cb/call",
        fallback_url=f"{public_url}/tw/fallback",
    )
    return CarrierSettings(
        app_url=f"{public_url}/tw/app",
        application_sid=APP_SID,
        numbers=dict.fromkeys(numbers, ours),
        **others,
    )
