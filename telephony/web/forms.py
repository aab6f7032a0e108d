"""From an agent's form to typed values; what is missing or odd is refused field by field."""

from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import State

from desks.values import PHONE_PROBLEMS, BreakReason, NotReadyReason, Presence
from nanori.errors import InvalidInput
from nanori.words import N_
from telephony.values import Supervision

MAX_TAB = 64


class Form:
    """The fields of one small form."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    @classmethod
    async def read(cls, request: Request[Any, Any, State]) -> "Form":
        form = await request.form()
        return cls({name: str(value) for name, value in form.items() if isinstance(value, str)})

    def text(self, name: str, longest: int) -> str:
        value = self.values.get(name, "").strip()
        if not value or len(value) > longest:
            raise InvalidInput({name: N_("This field is needed.")})
        return value

    def free_text(self, name: str) -> str:
        return self.values.get(name, "").replace("\r\n", "\n")

    def tab(self) -> str:
        return self.text("tab", MAX_TAB)

    def uuid(self, name: str) -> UUID:
        try:
            return UUID(self.values.get(name, ""))
        except ValueError:
            raise InvalidInput({name: N_("This field is needed.")}) from None

    def optional_uuid(self, name: str) -> UUID | None:
        return self.uuid(name) if self.values.get(name) else None

    def presence(self, name: str, *allowed: Presence) -> Presence:
        for state in allowed:
            if self.values.get(name) == state.value:
                return state
        raise InvalidInput({name: N_("Please choose one from the list.")})

    def supervision(self) -> Supervision:
        try:
            return Supervision(self.values.get("mode", ""))
        except ValueError:
            raise InvalidInput({"mode": N_("Please choose one from the list.")}) from None

    def by_phone(self) -> bool:
        by = self.values.get("by")
        if by not in {"browser", "phone"}:
            raise InvalidInput({"by": N_("Please choose one from the list.")})
        return by == "phone"

    def phone_problem(self) -> NotReadyReason:
        for reason in PHONE_PROBLEMS:
            if self.values.get("kind") == reason.value:
                return reason
        raise InvalidInput({"kind": N_("Please choose one from the list.")})

    def break_reason(self) -> BreakReason:
        try:
            return BreakReason(self.values.get("reason", ""))
        except ValueError:
            raise InvalidInput({"reason": N_("Please choose one from the list.")}) from None
