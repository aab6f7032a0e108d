"""What the REST resources have in common: errors as the carrier spells them, pages, moments."""

from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final, TypeVar

from telephony.adapters.simulator.exchange import Exchange

Form = dict[str, list[str]]
Answer = tuple[int, dict[str, Any] | None]
Thing = TypeVar("Thing")

OK: Final = 200
CREATED: Final = 201
NO_CONTENT: Final = 204
_PAGE_SIZE: Final = 50


class RestError(Exception):
    """A refusal, as the carrier spells it."""

    def __init__(self, status: int, code: int, message: str) -> None:
        self.status = status
        self.code = code
        super().__init__(message)

    def body(self) -> dict[str, Any]:
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": str(self), "more_info": more, "status": self.status}


class Resource:
    """One kind of thing of the REST interface; a public method for each operation, by its name."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def refuse_foreign_sender(self, number: str) -> None:
        """Only numbers of ours may call or write.

        Raises:
            RestError: 21210.
        """
        ours = self.exchange.settings.numbers
        if ours and number not in ours:
            raise RestError(400, 21210, f"The source phone number provided, {number}, is not yet verified")


def not_found(what: str) -> RestError:
    return RestError(404, 20404, f"The requested resource {what} was not found")


def found(thing: Thing | None, key: str) -> Thing:
    """The thing itself.

    Raises:
        RestError: 20404, there is none.
    """
    if thing is None:
        raise not_found(key)
    return thing


def one(form: Form, name: str, default: str = "") -> str:
    """The only value of a field."""
    return form.get(name, [default])[0]


def flag(form: Form, name: str, *, default: bool = False) -> bool:
    return one(form, name, "true" if default else "false") == "true"


def moment(when: datetime | None) -> str | None:
    return format_datetime(when) if when else None


def page(name: str, items: list[dict[str, Any]], form: Form) -> dict[str, Any]:
    """A page of a list, described as the client expects it."""
    size, number = int(one(form, "PageSize", str(_PAGE_SIZE))), int(one(form, "Page", "0"))
    shown = items[number * size : (number + 1) * size]
    following = f"?Page={number + 1}&PageSize={size}" if (number + 1) * size < len(items) else None
    return {
        name: shown,
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + len(shown) - 1,
        "first_page_uri": "",
        "next_page_uri": following,
        "uri": "",
    }
