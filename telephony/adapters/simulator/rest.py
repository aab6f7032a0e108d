"""The REST interface: each operation of the contract is a method of one resource, by its name."""

from collections.abc import Callable
from typing import Final

from telephony.adapters.simulator.exchange import Exchange
from telephony.adapters.simulator.operations import OPERATIONS
from telephony.adapters.simulator.resources import Answer, Form
from telephony.adapters.simulator.rest_calls import Calls, Recordings
from telephony.adapters.simulator.rest_conferences import Conferences
from telephony.adapters.simulator.rest_numbers import Applications, Messages, Numbers
from telephony.adapters.simulator.rest_queues import Queues

_RESOURCES: Final = (Calls, Conferences, Queues, Numbers, Applications, Messages)


class Rest:
    """Carries out what passed the contract."""

    def __init__(self, exchange: Exchange) -> None:
        self._recordings = Recordings(exchange)
        resources = [self._recordings, *(resource(exchange) for resource in _RESOURCES)]
        self._operations: dict[str, Callable[..., Answer]] = {
            operation.name: next(
                getattr(resource, operation.name)
                for resource in resources
                if hasattr(resource, operation.name)
            )
            for operation in OPERATIONS
        }

    def perform(self, name: str, identifiers: dict[str, str], form: Form) -> Answer:
        """Carry out an operation.

        Raises:
            RestError: refused.
        """
        keys = [value for key, value in identifiers.items() if key != "AccountSid"]
        return self._operations[name](*keys, form)

    def wav(self, sid: str) -> bytes:
        """A recording's file.

        Raises:
            RestError: there is none, or it is not ready.
        """
        return self._recordings.wav(sid)
