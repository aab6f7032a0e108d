"""The whole story of one call, out of the timeline: every leg, webhook, request, key and sound."""

import re
from typing import Any, Final

from telephony.adapters.simulator.exchange import Exchange
from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.timeline import Entry

_OUR_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NEWEST: Final = 50
_OWN_PHONE: Final = "/leg/"
"""In the address that is asked for when an agent's own telephone is answered."""


def callers(exchange: Exchange) -> list[Leg]:
    """Shoppers' legs, the newest first."""
    found = [leg for leg in exchange.legs.values() if is_shopper(leg)]
    return found[::-1][:_NEWEST]


def is_shopper(leg: Leg) -> bool:
    """Somebody who called a number of ours, or whom we called into a conference."""
    return (leg.direction == "inbound" and not leg.identity) or leg.joins is not None


def story(exchange: Exchange, sid: str) -> list[Entry]:
    """All that belongs to the call of this leg, in order.

    Raises:
        KeyError: there is no such leg.
    """
    leg = exchange.legs[sid]
    ours = _call_ids(exchange, leg)
    sids = {sid} | {one.sid for one in exchange.legs.values() if _belongs(one, ours)}
    sids |= {entry.leg for entry in exchange.timeline.entries if entry.leg and _names(entry, ours)}
    conferences = {one.sid for one in exchange.conferences.values() if one.name.removeprefix("c-") in ours}
    named = sids | ours | conferences
    return [
        entry
        for entry in exchange.timeline.entries
        if (entry.leg in sids if entry.leg else _names(entry, named))
    ]


def _call_ids(exchange: Exchange, leg: Leg) -> set[str]:
    """Our ids of the call, as they stand in the addresses that this leg was asked about."""
    texts = [str(entry.detail.get("url", "")) for entry in exchange.timeline.of(leg.sid, "webhook")]
    texts += [leg.joins_in, leg.status_callback]
    first = [found[0] for text in texts if (found := _OUR_ID.findall(text))]
    return set(first)


def _belongs(leg: Leg, ours: set[str]) -> bool:
    return any(one in text for one in ours for text in (leg.voice_url, leg.status_callback, leg.joins_in))


def _names(entry: Entry, wanted: set[str]) -> bool:
    text = "".join(str(entry.detail.get(name, "")) for name in ("url", "path", "conference", "fields"))
    return any(one in text for one in wanted)


def record(exchange: Exchange, entry: Entry) -> dict[str, Any]:
    """One entry with the name of whose leg it was."""
    leg = exchange.legs.get(entry.leg)
    return {
        "at": entry.at.isoformat(),
        "leg": entry.leg,
        "who": _who(leg) if leg else "",
        "what": entry.what,
        "detail": {name: _plain(value) for name, value in entry.detail.items()},
    }


def _who(leg: Leg) -> str:
    if is_shopper(leg):
        return "caller"
    return "agent" if leg.identity or _OWN_PHONE in leg.voice_url else "contact"


def _plain(value: Any) -> Any:
    """Fields as an object, whichever way they were noted."""
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return dict(value)
    return value
