"""``/demo/carrier/timeline``: what the carrier and we said to each other about a call, and what was heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from nanori.text import phone_for_people
from nanori.words import N_, Words

Record = Mapping[str, Any]

CALLBACK_PATH = "/tw/cb/"
WORST_GOOD_STATUS = 399
KINDS = {
    "created": ("phone", N_("Leg")),
    "status": ("phone", N_("Status")),
    "hears": ("volume-2", N_("Hears")),
    "pressed": ("grid-3x3", N_("Keys")),
    "hung up": ("phone-off", N_("Hangs up")),
    "webhook": ("arrow-down", N_("Webhook")),
    "callback": ("bell", N_("Callback")),
    "callback lost": ("circle-alert", N_("Callback lost")),
    "cut off": ("circle-alert", N_("Cut off")),
    "rest": ("arrow-up", N_("Order")),
    "problem": ("circle-alert", N_("Error")),
    "queued": ("list", N_("Queue")),
    "left queue": ("list", N_("Queue")),
    "recording": ("mic", N_("Recording")),
}
PARTIES = {"caller": N_("Shopper"), "agent": N_("Agent"), "contact": N_("Contact"), "": N_("Nanori")}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """One call in the list."""

    sid: str
    caller: str
    shop: str
    at: str
    is_live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the story. ``said``: the fields that were sent."""

    after: str
    party: str
    lane: str
    icon: str
    kind: str
    text: str
    is_bad: bool
    said: Sequence[tuple[str, str]]


def call_lines(legs: Sequence[Record], shops: Mapping[str, str], words: Words) -> list[CallLine]:
    """Calls as the carrier lists them; ``shops``: names by number."""
    return [
        CallLine(
            sid=leg["sid"],
            caller=phone_for_people(leg["from"] if leg["direction"] == "inbound" else leg["to"]),
            shop=shops.get(leg["to"], "") or shops.get(leg["from"], "") or phone_for_people(leg["to"]),
            at=words.time(datetime.fromisoformat(leg["created_at"]), seconds=True),
            is_live=not leg["is_over"],
        )
        for leg in legs
    ]


def moments(story: Sequence[Record], words: Words) -> list[Moment]:
    """The story in a person's words, each with the seconds since the first ring."""
    if not story:
        return []
    began = datetime.fromisoformat(story[0]["at"])
    return [_moment(one, datetime.fromisoformat(one["at"]) - began, words) for one in story]


def _moment(one: Record, after: Any, words: Words) -> Moment:
    detail: Mapping[str, Any] = one["detail"]
    what, who = _kind(one), one["who"]
    icon, kind = KINDS.get(what, ("users", N_("Conference")))
    status = detail.get("status")
    return Moment(
        after=f"{after.total_seconds():.2f}",
        party=words.gettext(PARTIES[who]),
        lane=who or "house",
        icon=icon,
        kind=words.gettext(kind),
        text=_text(one, words),
        is_bad=icon == "circle-alert" or (isinstance(status, int) and status > WORST_GOOD_STATUS),
        said=[(str(name), str(value)) for name, value in _fields(detail).items()],
    )


def _kind(one: Record) -> str:
    url = str(one["detail"].get("url", ""))
    return "callback" if one["what"] == "webhook" and CALLBACK_PATH in url else str(one["what"])


def _text(one: Record, words: Words) -> str:
    detail, what = one["detail"], one["what"]
    if what in {"webhook", "cut off", "callback lost"}:
        return _joined(urlsplit(str(detail["url"])).path, detail.get("status"))
    if what == "rest":
        return _joined(
            f"{detail['method']} …{str(detail['path']).partition('/Accounts/')[2][34:]}", detail["status"]
        )
    if what == "hears":
        return " + ".join(detail["hears"]) or words.gettext(N_("silence"))
    if what == "problem":
        return f"{detail['code']} {detail['message']}"
    simple = {"created": "direction", "status": "status", "pressed": "keys", "queued": "queue"}
    if what in simple:
        return str(detail.get(simple[what], ""))
    told = (f"{name} {value}" for name, value in detail.items())
    return " · ".join([what, *told]) if what not in KINDS else " · ".join(told)


def _joined(address: str, status: object) -> str:
    return address if status is None else f"{address} → {status}"


def _fields(detail: Mapping[str, Any]) -> Mapping[str, Any]:
    found = detail.get("fields", {})
    return dict(found) if not isinstance(found, Mapping) else found
