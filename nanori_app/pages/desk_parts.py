"""What the agent's desk shows, part by part, as values that templates print without thinking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zlib import crc32

from markupsafe import Markup

from nanori.words import Words
from scripts_talk.values import FieldKind
from tenants.escalation.wording import LimitLine


class Mode(StrEnum):
    """What the agent is in the middle of; decides which keys do what."""

    IDLE = "idle"
    RINGING = "ringing"
    JOINING = "joining"
    CALLING = "calling"  # we call: the shopper's telephone rings
    TALKING = "talking"
    HELD = "held"
    HELPING = "helping"  # a colleague has the caller and asks
    WRAPUP = "wrapup"


IN_CALL = frozenset({Mode.TALKING, Mode.HELD})


class Taping(StrEnum):
    """What is being recorded of the call now, as the agent must know it."""

    NOTHING = ""
    ON = "on"
    SWITCHING = "switching"  # the carrier has been asked
    PAUSED = "paused"
    FAILED = "failed"  # it should pause and does not


class Holder(StrEnum):
    """Whose the seat is, seen from the tab that asks."""

    MINE = "mine"
    FREE = "free"
    OTHER = "other"
    UNKNOWN = "unknown"  # the first answer, before the tab has named itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A running time: its start for the browser, its figure now for the first sight of it."""

    since: str  # ISO 8601
    shown: str


def running(since: datetime, now: datetime, words: Words) -> Timer:
    """A time that runs from ``since``."""
    return Timer(since=since.isoformat(), shown=words.clock(now - since))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPart:
    state: str
    label: str
    timer: Timer | None
    holder: Holder
    may_choose: bool
    by_phone: bool = False  # the agent's own telephone rings after each answer
    own_phone: str = ""  # the end of its number, as on the agent's own desk only
    trouble: tuple[str, str] | None = None  # what happened, what it means


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopPart:
    """A shop as far as an agent must know it to answer in its name."""

    tenant_id: UUID
    name: str
    reading: str
    locale: str
    colour: str
    logo_url: str

    @property
    def is_long(self) -> bool:
        """Does the name need the smaller size? A kana or kanji is as wide as two letters."""
        return sum(1 if char.isascii() else 2 for char in self.name) > 28  # noqa: PLR2004 - as seen at 390 px


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPart:
    """The call that rings or is in hand. Exactly one of ``offer_id`` and ``call_id`` can be acted on."""

    call_id: UUID
    interaction_id: UUID
    number: str
    desk_name: str
    timer: Timer
    timer_label: str
    call_timer: Timer | None = None  # beside a hold: the whole call
    offer_id: UUID | None = None
    until: str = ""  # ISO 8601: the offer or the after-call work ends by itself
    seconds_to_decide: int = 0
    is_held: bool = False
    is_ours: bool = False  # we call, and the shopper is not on the line yet
    not_reached: str = ""  # why, of a call of ours that came to nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPart:
    key: str
    label: str
    kind: FieldKind
    required: bool
    choices: tuple[str, ...]
    value: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPart:
    """One step of the call's way through the script. ``why`` is the gate's, ``duties`` the law's."""

    key: str
    title: str
    say: str
    hint: str
    fields: tuple[FieldPart, ...]
    is_now: bool = False  # in sight
    is_locked: bool = False  # read out word by word
    is_read: bool = False  # and was
    is_closed: bool = False  # not to be offered
    why: str = ""
    duties: Sequence[str] = ()

    @property
    def mark(self) -> str:
        """Changes with everything of the step that the page has to draw anew."""
        problems = ",".join(field.key for field in self.fields if field.problem)
        drawn = (self.is_now, self.say, self.is_closed, self.is_read, problems)
        return f"{self.key}{crc32(repr(drawn).encode()):x}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPart:
    """One person of the shop in the order of calling; ``state`` is calling, accepted, failed or waiting."""

    name: str
    state: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationPart:
    state: str  # of the run: running, acknowledged, exhausted
    contacts: tuple[ContactPart, ...]
    connected_to: str
    timer: Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Somebody of the shop who may be called."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskChoice:
    """A desk of the shop where a colleague may be asked, or to which the caller may go."""

    id: UUID
    name: str
    free: int  # agents who are ready there, the agent who looks not counted


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultPart:
    """A colleague who is asked."""

    state: str  # asked, joined, nobody
    desk_name: str
    name: str  # once somebody has joined
    timer: Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    at: str
    iso: str
    icon: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopperPart:
    name: str
    phone: str  # as people write it; empty when withheld
    is_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLine:
    href: str
    icon: str
    channel: str
    at: str
    ago: str
    reason: str
    outcome: str
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    shop: ShopPart
    desk_name: str
    waiting: int
    timer: Timer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    shop: ShopPart
    href: str
    number: str
    subject: str
    due: str
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayPart:
    """The agent's own day so far, on the phone."""

    calls: str
    talked: str
    wrapup_each: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorLine:
    """One supervisor in the call, as the agent may know."""

    mode: str
    icon: str
    said: str
    heard_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyPart:
    """Supervisors about a call: asked for since, and those who are there."""

    asked: Timer | None
    supervisors: Sequence[SupervisorLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFrom:
    """A shop in whose name the agent can call, and the number that shoppers then see."""

    shop: ShopPart
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOut:
    """The form for a call; filled in when the agent comes from a page about a shopper."""

    shops: Sequence[CallFrom]
    shop_id: UUID | None = None
    about: str = ""
    name: str = ""
    to: str = ""

    @property
    def is_about_somebody(self) -> bool:
        return bool(self.about)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadPart:
    """A notice that the agent has not confirmed yet."""

    shop: ShopPart
    article_id: UUID
    title: str
    html: Markup
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """The whole desk at one moment."""

    now: datetime
    mode: Mode
    seat: SeatPart
    breaks: Sequence[tuple[str, str, str]]  # value, label, icon
    queues: Sequence[QueueLine]
    cases: Sequence[CaseLine]
    unread: Sequence[UnreadPart] = ()  # notices: of the shop in hand, none in a call
    today: TodayPart | None = None  # while nothing is in hand
    shop: ShopPart | None = None
    call: CallPart | None = None
    phrase: str = ""
    phrase_id: UUID | None = None
    steps: Sequence[StepPart] = ()
    filled: int = 0  # captured fields that have a value
    fields: int = 0
    notes: str = ""
    timeline: Sequence[EventLine] = ()
    shopper: ShopperPart | None = None
    earlier: Sequence[EarlierLine] = ()
    reasons: Sequence[tuple[str, str]] = ()
    reason_id: str = ""
    contacts: Sequence[Choice] = ()
    desks: Sequence[DeskChoice] = ()
    escalation: EscalationPart | None = None
    company: CompanyPart | None = None  # supervisors, while in a call
    callout: CallOut | None = None  # the form for a call, while nothing is in hand
    taping: Taping = Taping.NOTHING
    consult: ConsultPart | None = None
    addition: str = ""  # what the one who looks has added to a colleague's notes
    limits: Sequence[LimitLine] = ()  # what may be decided without asking the shop
    colleague: str = ""  # who has the caller, when it is not the one who looks
    is_asked: bool = False  # a colleague asks for help: what rings is no caller
    came_from: ShopPart | None = None  # the shop of the call before, when it was another one

    @property
    def phrase_pieces(self) -> list[tuple[str, bool]]:
        """The phrase cut at the shop's name; the mark says which pieces are the name."""
        name = self.shop.name if self.shop else ""
        if not name:
            return [(self.phrase, False)]
        rest, *more = self.phrase.split(name)
        pieces = [(rest, False)]
        for text in more:
            pieces += [(name, True), (text, False)]
        return [piece for piece in pieces if piece[0]]

    @property
    def in_call(self) -> bool:
        return self.mode in IN_CALL

    @property
    def may_write(self) -> bool:
        """Notes and captured fields belong to whoever has had the call in hand last."""
        return self.is_mine and not self.colleague

    @property
    def adds(self) -> bool:
        """Whoever has handed the caller over adds to the notes in the after-call work."""
        return self.mode is Mode.WRAPUP and bool(self.colleague)

    @property
    def is_mine(self) -> bool:
        """May this tab act? Until the tab has named itself nothing may be pressed."""
        return self.seat.holder is Holder.MINE
