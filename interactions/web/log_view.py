"""The log as its page and its JSON twin show it: values formatted, nothing left to decide."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from interactions.log import LogPage, LogRow, Place
from interactions.models import Interaction
from interactions.values import Channel, Direction, Outcome
from interactions.wording import CHANNELS, outcome_in
from nanori.context import Context
from nanori.text import phone_for_people
from nanori.words import DASH, N_, Words
from tenants.models import Tenant

BADGES: dict[Outcome | None, str] = {
    None: "accent",
    Outcome.ANSWERED: "good",
    Outcome.REPLIED: "good",
    Outcome.ABANDONED: "bad",
    Outcome.SYSTEM_FAULT: "bad",
    Outcome.VOICEMAIL: "warn",
    Outcome.OVERFLOW: "warn",
}
"""Colour of an outcome's badge; the rest are grey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One line of the list."""

    href: str
    number: str
    case: str  # where its case went on, or whose second question it is; "" when there is nothing to say
    day: str
    time: str
    at: str  # ISO 8601, for <time>
    tenant_id: str
    shop: str
    channel: str
    channel_name: str
    outgoing: bool
    shopper: str
    handle: str
    outcome: str
    badge: str
    reason: str
    agent: str
    waited: str
    talked: str


def row_view(row: LogRow, shop: Tenant, *, words: Words, zone: ZoneInfo) -> RowView:
    at = row.interaction
    return RowView(
        href=f"/interactions/{at.tenant_id}/{at.id}",
        number=f"#{at.number}",
        case=_case(row, words),
        day=words.day(at.arrived_at, zone),
        time=words.time(at.arrived_at, zone, seconds=True),
        at=at.arrived_at.isoformat(),
        tenant_id=str(at.tenant_id),
        shop=shop.brand_name,
        channel=at.channel.value,
        channel_name=words.gettext(CHANNELS[at.channel]),
        outgoing=at.direction is Direction.OUTBOUND,
        shopper=row.shopper,
        handle=phone_for_people(row.handle) if row.handle else words.gettext(_no_handle(at)),
        outcome=outcome_in(words, at.outcome),
        badge=BADGES.get(at.outcome, ""),
        reason=(row.reason_ja if words.locale == "ja" else row.reason_en) or DASH,
        agent=row.agent or DASH,
        waited=words.clock(waited(at)),
        talked=words.clock(timedelta(milliseconds=at.talk_ms) if at.answered_at else None),
    )


def _case(row: LogRow, words: Words) -> str:
    if row.goes_on_in is not None:
        return f"No. {row.case_number} → No. {row.goes_on_in}"
    if row.part_of is not None:
        return words.gettext(N_("Second question of #{number}"), number=row.part_of)
    return ""


def waited(at: Interaction) -> timedelta | None:
    """From the queue until an agent answered, or until the caller gave up; None while neither has come."""
    until = at.answered_at or at.abandoned_at
    return until - at.queued_at if at.queued_at and until else None


def _no_handle(at: Interaction) -> str:
    return N_("Number withheld") if at.channel is Channel.PHONE else N_("No address")


def page_as_json(page: LogPage, rows: list[RowView], asked: Mapping[str, str]) -> dict[str, Any]:
    """The twin of the list: addresses of the neighbouring pages instead of buttons."""
    return {
        "interactions": [
            asdict(view) | facts(row.interaction) for row, view in zip(page.rows, rows, strict=True)
        ],
        "newer": beside(asked, newer=page.newer) or None,
        "older": beside(asked, older=page.older) or None,
    }


def facts(at: Interaction) -> dict[str, Any]:
    """What programs want: ids and times without formatting."""
    times = (
        "arrived_at",
        "queued_at",
        "answered_at",
        "abandoned_at",
        "ended_at",
        "wrapped_up_at",
        "first_reply_at",
    )
    return {
        "id": str(at.id),
        "tenant_id": str(at.tenant_id),
        "number": at.number,
        "outcome": at.outcome.value if at.outcome else None,
        **{name: _iso(getattr(at, name)) for name in times},
        "talk_ms": at.talk_ms,
        "hold_ms": at.hold_ms,
        "acw_ms": at.acw_ms,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at else None


def beside(asked: Mapping[str, str], *, newer: Place | None = None, older: Place | None = None) -> str:
    """Address of the page beside this one, with the same filters; empty where there is none."""
    place = newer or older
    if place is None:
        return ""
    name = "newer" if newer else "older"
    return _address({**_filters(asked), name: f"{int(place.at.timestamp() * 1000)}.{place.id}"})


def read_place(text: str | None) -> Place | None:
    """A place out of an address; what cannot be read is none, which is the first page."""
    millis, _, key = (text or "").partition(".")
    try:
        at = datetime.fromtimestamp(0, ZoneInfo("UTC")) + timedelta(milliseconds=int(millis))
        return Place(at, UUID(key))
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Span:
    """One of the periods that are a single click away."""

    said: str
    href: str
    chosen: bool


def spans(asked: Mapping[str, str], context: Context, words: Words) -> list[Span]:
    """Today, yesterday, seven days, this month, last month, everything: the other filters stay."""
    today = context.now.astimezone(context.zone).date()
    first = today.replace(day=1)
    last_month = first - timedelta(days=1)
    named: list[tuple[str, date | None, date | None]] = [
        (N_("All times"), None, None),
        (N_("Today"), today, today),
        (N_("Yesterday"), today - timedelta(days=1), today - timedelta(days=1)),
        (N_("Last 7 days"), today - timedelta(days=6), today),
        (N_("This month"), first, today),
        (N_("Last month"), last_month.replace(day=1), last_month),
    ]
    return [_span(asked, words.gettext(said), since, until) for said, since, until in named]


def _span(asked: Mapping[str, str], said: str, since: date | None, until: date | None) -> Span:
    dates = {"since": since.isoformat() if since else "", "until": until.isoformat() if until else ""}
    chosen = all(asked.get(name, "") == value for name, value in dates.items())
    return Span(said, _address({**_filters(asked), **dates}), chosen)


def _filters(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if name not in {"newer", "older"}}


def _address(asked: Mapping[str, str]) -> str:
    given = {name: value for name, value in asked.items() if value}
    return f"/interactions?{urlencode(given)}" if given else "/interactions"
