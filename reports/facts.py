"""What one interaction says to the figures: plain values, no database, no clock."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from interactions.values import Fault, Outcome, PartyKind
from mailroom.surveys.values import SurveyKind
from tenants.values import ServiceLevelLetter

MILLISECOND = timedelta(milliseconds=1)


class WaitStart(StrEnum):
    """From which moment the caller is said to wait; the report prints which."""

    QUEUE = "queue"
    ARRIVAL = "arrival"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneFact:
    """One phone call, in or out. Times are aware UTC; ``talk_ms`` does not contain ``hold_ms``.

    ``number`` is the interaction's number within the shop: what a reader quotes to trace a figure.
    ``within_hours`` is the desk's opening at the moment of arrival, as it was decided then. No ``outcome``:
    the call is still going on and in no figure yet.
    """

    number: int
    arrived_at: datetime
    outcome: Outcome | None
    within_hours: bool
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    abandoned_at: datetime | None = None
    ended_at: datetime | None = None
    wrapped_up_at: datetime | None = None
    talk_ms: int = 0
    hold_ms: int = 0
    acw_ms: int = 0
    reason: str | None = None
    escalated: bool = False
    transferred: bool = False
    offers_made: int = 0
    offers_missed: int = 0
    name_confirmed: bool = False
    left_message: bool = False
    inbound: bool = True
    party: PartyKind = PartyKind.HUMAN
    shopper: UUID | None = None  # whom the shop knows by the number; None: withheld
    in_case: bool = False  # it belongs to a case
    faults: tuple[Fault, ...] | None = None  # what its last check found; None: never checked
    is_offered: bool = field(init=False, compare=False, repr=False)
    is_answered: bool = field(init=False, compare=False, repr=False)
    is_abandoned: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Decide once what every figure asks for; offered: it entered a staffed queue in opening hours."""
        offered = (
            self.inbound
            and self.party is PartyKind.HUMAN
            and self.within_hours
            and self.queued_at is not None
            and self.outcome is not None
            and self.outcome not in NEVER_OFFERED
        )
        answered = offered and self.outcome is Outcome.ANSWERED and self.answered_at is not None
        abandoned = offered and self.outcome is Outcome.ABANDONED and self.abandoned_at is not None
        object.__setattr__(self, "is_offered", offered)
        object.__setattr__(self, "is_answered", answered)
        object.__setattr__(self, "is_abandoned", abandoned)

    def waited_ms(self, start: WaitStart) -> int | None:
        """Milliseconds until an agent answered or the caller left; None while neither happened."""
        began = self.queued_at if start is WaitStart.QUEUE else self.arrived_at
        left = self.answered_at or self.abandoned_at
        if began is None or left is None:
            return None
        return max(0, (left - began) // MILLISECOND)


NEVER_OFFERED = frozenset({Outcome.OUT_OF_HOURS, Outcome.IVR_SELF_SERVED, Outcome.BLOCKED, Outcome.TEST})


class Worked(NamedTuple):
    """Time that agents had spent on a mail until it was answered, or settled without an answer."""

    at: datetime
    ms: int
    is_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFact:
    """One mail from a shopper. ``first_reply_at`` is a person's reply; automatic ones never count.

    No ``outcome``: it is open. ``closed_at`` is when it left the backlog: the reply, or the decision that
    none is needed. ``replies``, ``solved`` and ``reopened`` are moments: of all answers by people that are
    noted with this mail, of the matter's being settled with it, and of its being taken up again by it.
    """

    number: int
    received_at: datetime
    outcome: Outcome | None
    first_reply_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str | None = None
    escalated: bool = False
    shopper: UUID | None = None
    matter: UUID | None = None  # the case
    opens_matter: bool = True  # the first mail of its case
    replies: tuple[datetime, ...] = ()
    solved: tuple[datetime, ...] = ()
    reopened: tuple[datetime, ...] = ()
    worked: tuple[Worked, ...] = ()
    part_of: int | None = None  # the number of the mail whose second question it is
    joined_with: int | None = (
        None  # the number of the mail that began the matter, in a case joined with its own
    )
    split_at: datetime | None = None
    survey: SurveyKind | None = None  # what the answer that settled the matter asked the shopper
    asked_at: datetime | None = None
    score: int | None = None  # the shopper's answer, whenever it came
    scored_at: datetime | None = None
    took: tuple[int, int, int] | None = None  # its settled matter's ms: with us, the shop, the shopper

    def is_known_at(self, moment: datetime) -> bool:
        """Whether it was there then; a part begins with its split, though it waits since its mail came."""
        return (self.split_at or self.received_at) < moment

    def is_open_at(self, moment: datetime) -> bool:
        closed = self.closed_at or self.first_reply_at
        return self.is_known_at(moment) and (closed is None or closed >= moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationFact:
    """One call for the shop's decision. ``number`` is the interaction's: what a reader quotes to trace it."""

    number: int
    started_at: datetime
    reason: str | None = None
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the contract says about counting. The defaults are the house's own."""

    service_level: ServiceLevelLetter = ServiceLevelLetter.A
    second_service_level: ServiceLevelLetter | None = None
    answer_within_s: int = 20
    service_level_target_percent: int = 80
    short_abandon_s: int = 5
    wait_starts: WaitStart = WaitStart.QUEUE
    out_of_hours_count_as_offered: bool = False
    mail_target_minutes: int = 24 * 60
    interval_minutes: int = 30


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span of whole days in the shop's zone: ``first`` is inside, ``end`` is not."""

    first: date
    end: date
    zone: ZoneInfo
    starts_at: datetime = field(init=False, compare=False, repr=False)
    ends_at: datetime = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts_at", _midnight(self.first, self.zone))
        object.__setattr__(self, "ends_at", _midnight(self.end, self.zone))

    @classmethod
    def month(cls, year: int, month: int, zone: ZoneInfo) -> "Period":
        following = date(year + month // 12, month % 12 + 1, 1)
        return cls(date(year, month, 1), following, zone)

    def before(self) -> "Period":
        """The calendar month before this one."""
        last = self.first - timedelta(days=1)
        return Period.month(last.year, last.month, self.zone)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=n) for n in range((self.end - self.first).days))

    def contains(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)


@lru_cache(maxsize=256)
def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
