"""What ``/demo/carrier`` shows: shops to call, what the caller hears in words, telephones that ring."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import EscalationAttempt, EscalationRun
from nanori.context import Context
from nanori.identity.models import Account
from nanori.identity.queries import names_of
from nanori.text import phone_for_people
from nanori.web.colour import brand_colours
from nanori.words import N_, Words
from telephony.labels import leg_of
from telephony.models import Leg, OwnPhone
from tenants.calendars import calendar_of
from tenants.hours import closes_next, is_open, opens_next
from tenants.models import Tenant
from tenants.queries import contacts_of, first_numbers, shops

Record = Mapping[str, Any]
"""One leg or one entry, as the simulated carrier tells it."""

DEEDS = {"pressed": N_("You pressed {keys}"), "hung up": N_("You hung up")}
CALLER_HEARD = {
    "beep": N_("The tone: speak now"),
    "play": N_("Music while you wait"),
    "music": N_("The ringing tone"),
    "agent": N_("{name} is on the line"),
    "contact": N_("{name}, of the shop, is on the line"),
    "somebody": N_("Somebody is on the line"),
}
ICONS = {
    "say": "volume-2", "beep": "mic", "play": "audio-lines", "music": "phone-outgoing",
    "agent": "headset", "contact": "store", "somebody": "headset",
    "pressed": "grid-3x3", "hung up": "phone-off",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopCard:
    """A shop that can be called."""

    slug: str
    name: str
    reading: str
    locale: str
    number: str
    shown_number: str
    has_logo: bool
    colour: str
    on_colour: str
    is_open: bool
    hours: str


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that reaches the caller's ear, or that the caller did."""

    icon: str
    text: str
    at: str = ""
    is_speech: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerView:
    """The newcomer's own call."""

    sid: str
    shop: ShopCard | None
    is_over: bool
    is_recording: bool
    state: str
    length: str
    now: Sequence[Heard]
    before: Sequence[Heard]
    behind: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telephone:
    """A telephone of a shop or of an agent that rings, or at which somebody listens."""

    sid: str
    who: str
    shop: str
    number: str
    rings: bool
    hears: Sequence[Heard]
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Names:
    """Who is who on the line."""

    voices: Mapping[str, tuple[str, str]]  # ("agent" or "contact", name) by the label in the conference
    telephones: Mapping[str, tuple[str, str]]  # (name, shop) by number


async def shop_cards(session: AsyncSession, words: Words, context: Context) -> list[ShopCard]:
    """Every shop with a number, those open now first."""
    numbers = await first_numbers(session)
    cards = [
        await _card(session, shop, numbers[shop.tenant_id], words=words, context=context)
        for shop in await shops(session)
        if shop.tenant_id in numbers
    ]
    return sorted(cards, key=lambda card: not card.is_open)


async def brands_by_number(session: AsyncSession) -> dict[str, str]:
    """The name of the shop behind each number that it is called under first."""
    numbers = await first_numbers(session)
    return {
        numbers[shop.tenant_id]: shop.brand_name for shop in await shops(session) if shop.tenant_id in numbers
    }


async def names_on_lines(
    session: AsyncSession, legs: Sequence[Record], entries: Sequence[Record] = ()
) -> Names:
    """Names for every voice that is or was heard, and for the telephones that are live."""
    heard = [thing for leg in legs for thing in leg["hears"] if thing["kind"] == "leg"]
    past = [_parsed(line) for one in entries if one["what"] == "hears" for line in one["detail"]["hears"]]
    labels = {str(thing["text"]) for thing in (*heard, *past) if thing["kind"] == "leg"}
    rung = any(leg["direction"] != "inbound" for leg in legs)
    telephones = {
        person.phone: (person.name, shop.brand_name)
        for shop in (await shops(session) if rung else [])
        for person in await contacts_of(session, shop.tenant_id)
    }
    if rung:
        mine = await session.execute(select(OwnPhone.number, Account.name).join_from(OwnPhone, Account))
        telephones |= {row.number: (row.name, "") for row in mine}
    return Names(await _voices(session, labels), telephones)


async def _voices(session: AsyncSession, labels: AbstractSet[str]) -> dict[str, tuple[str, str]]:
    ids = {leg_id: label for label in labels if (leg_id := leg_of(label))}
    rows = await session.execute(
        select(Leg.id, Leg.agent_id, EscalationAttempt.step, EscalationRun.contacts)
        .outerjoin(
            EscalationAttempt,
            (EscalationAttempt.tenant_id == Leg.tenant_id) & (EscalationAttempt.id == Leg.attempt_id),
        )
        .outerjoin(
            EscalationRun,
            (EscalationRun.tenant_id == Leg.tenant_id) & (EscalationRun.id == EscalationAttempt.run_id),
        )
        .where(Leg.id.in_(ids))
    )
    found = rows.all()
    agents = await names_of(session, [row.agent_id for row in found if row.agent_id])
    return {
        ids[row.id]: ("agent", agents.get(row.agent_id, ""))
        if row.agent_id
        else ("contact", row.contacts[row.step]["name"])
        for row in found
    }


def caller_view(
    leg: Record,
    entries: Sequence[Record],
    *,
    cards: Sequence[ShopCard],
    names: Names,
    words: Words,
    now: datetime,
) -> CallerView:
    """The call as the caller lives it; ``entries`` are the carrier's own record since it began."""
    ears = _Ears(names, words)
    mine = [entry for entry in entries if entry["leg"] == leg["sid"]]
    return CallerView(
        sid=leg["sid"],
        shop=next((card for card in cards if card.number == leg["to"]), None),
        is_over=leg["is_over"],
        is_recording=leg["is_recording"],
        state=words.gettext(_state(leg)),
        length=words.clock(_length(leg, now)),
        now=[ears.heard(thing) for thing in leg["hears"]],
        before=ears.story(mine),
        behind=[step for entry in mine if (step := _step(entry, words))],
    )


def telephones(legs: Sequence[Record], names: Names, words: Words) -> list[Telephone]:
    """Every telephone of a shop that the carrier rings or has connected."""
    ears = _Ears(names, words)
    return [
        _telephone(leg, ears, names)
        for leg in legs
        if leg["direction"] == "outbound-api" and not leg["is_over"] and leg["status"] != "queued"
    ]


class _Ears:
    """Puts what is heard into the reader's words."""

    def __init__(self, names: Names, words: Words) -> None:
        self._names = names
        self._words = words

    def heard(self, thing: Record, at: str = "") -> Heard:
        kind, said = str(thing["kind"]), str(thing["text"])
        if kind == "say":
            return Heard(ICONS["say"], said, at, is_speech=True)
        if kind != "leg":
            return Heard(ICONS[kind], self._words.gettext(CALLER_HEARD[kind]), at)
        role, name = self._names.voices.get(said, ("somebody", ""))
        return Heard(ICONS[role], self._words.gettext(CALLER_HEARD[role]).format(name=name), at)

    def story(self, entries: Sequence[Record]) -> list[Heard]:
        """What was heard and done so far, the latest first; silence in between is left out."""
        told: list[Heard] = []
        for entry in entries:
            at = self._words.time(datetime.fromisoformat(entry["at"]), seconds=True)
            if entry["what"] == "hears":
                told += [self.heard(_parsed(thing), at) for thing in entry["detail"]["hears"]]
            elif (what := entry["what"]) in DEEDS:
                keys = entry["detail"].get("keys", "")
                told.append(Heard(ICONS[what], self._words.gettext(DEEDS[what]).format(keys=keys), at))
        return told[::-1]


async def _card(
    session: AsyncSession, shop: Tenant, number: str, *, words: Words, context: Context
) -> ShopCard:
    calendar = await calendar_of(session, shop)
    opened = is_open(calendar, context.now)
    turns = (closes_next if opened else opens_next)(calendar, context.now)
    colours = brand_colours(shop.colour)
    return ShopCard(
        slug=shop.slug,
        name=shop.brand_name,
        reading=shop.brand_reading,
        locale=shop.locale,
        number=number,
        shown_number=phone_for_people(number),
        has_logo=shop.logo_file_id is not None,
        colour=colours.brand,
        on_colour=colours.on_brand,
        is_open=opened,
        hours=_hours(turns, opened=opened, words=words, now=context.now),
    )


def _hours(turns: datetime | None, *, opened: bool, words: Words, now: datetime) -> str:
    if opened:
        if turns is None or turns - now > timedelta(days=1):
            return words.gettext(N_("Open day and night"))
        return words.gettext(N_("Open until {time}")).format(time=words.time(turns))
    if turns is None:
        return words.gettext(N_("Closed"))
    moment = f"{words.day(turns)} {words.time(turns)}"
    return words.gettext(N_("Opens {moment}")).format(moment=moment)


def _telephone(leg: Record, ears: _Ears, names: Names) -> Telephone:
    who, shop = names.telephones.get(leg["to"], (phone_for_people(leg["to"]), ""))
    return Telephone(
        sid=leg["sid"],
        who=who,
        shop=shop,
        number=phone_for_people(leg["to"]),
        rings=leg["status"] == "ringing",
        hears=[ears.heard(thing) for thing in leg["hears"]],
        is_asked=bool(leg["hears"]) and not leg["conference"],
    )


def _state(leg: Record) -> str:
    if leg["is_over"]:
        return N_("The call is over")
    if leg["status"] == "ringing":
        return N_("It is ringing")
    if leg["is_recording"]:
        return N_("Leaving a message")
    if leg["is_held"]:
        return N_("You are on hold")
    if any(thing["kind"] == "leg" for thing in leg["hears"]):
        return N_("In conversation")
    return N_("Listening to the shop's machine")


def _length(leg: Record, now: datetime) -> timedelta:
    start = datetime.fromisoformat(leg["created_at"])
    end = datetime.fromisoformat(leg["ended_at"]) if leg["ended_at"] else now
    return max(end - start, timedelta())


def _step(entry: Record, words: Words) -> tuple[str, str] | None:
    """What the carrier and we said to each other behind the scenes."""
    at = words.time(datetime.fromisoformat(entry["at"]), seconds=True)
    if entry["what"] == "webhook":
        return at, "POST " + str(entry["detail"].get("url", "")).partition("/tw/")[1] + (
            str(entry["detail"].get("url", "")).partition("/tw/")[2]
        )
    if entry["what"] in {"status", "queued", "left queue", "redirected"}:
        detail = " ".join(str(value) for value in entry["detail"].values())
        return at, f"{entry['what']} {detail}".strip()
    return None


def _parsed(line: str) -> dict[str, str]:
    """A line of the carrier's record, ``kind: text``."""
    kind, _, said = line.partition(": ")
    return {"kind": kind, "text": said, "sid": ""}
