"""Past contacts become rows of the log: interactions with their events, shoppers, cases."""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from interactions.values import CaseState, Channel, EventKind, HandleKind
from nanori_app.demo.cast import ShopPart
from nanori_app.demo.past import Happening, Past, Person, replay, uuid7_at
from tenants.phrases import situation_after
from tenants.values import DayPart, Situation

Row = dict[str, Any]
NAMES_AGENT = frozenset(
    {
        EventKind.OFFERED,
        EventKind.OFFER_MISSED,
        EventKind.ANSWERED,
        EventKind.WRAPPED_UP,
        EventKind.FIRST_REPLY,
    }
)
"""Events that carry the agent's id beside the actor's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """The rows of one shop that its past refers to."""

    tenant_id: UUID
    desk_id: UUID
    reasons: Mapping[str, UUID]
    agents: Mapping[int, UUID]
    phrases: Mapping[tuple[Situation, DayPart], UUID]
    account_sid: str


@dataclass(slots=True, kw_only=True)
class Archive:
    """The rows of one shop, by table. Contacts are filed in the order of their arrival."""

    part: ShopPart
    ids: Ids
    now: datetime
    chance: random.Random
    rows: dict[str, list[Row]] = field(default_factory=dict)
    shoppers: dict[Person, UUID] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=lambda: {"interaction": 0, "case": 0})

    def new_id(self, at: datetime) -> UUID:
        return uuid7_at(at, self.chance)

    def keep(self, table: str, **row: Any) -> Row:
        """One more row, of this shop; it may be changed until it is stored."""
        kept = {"tenant_id": self.ids.tenant_id, **row}
        self.rows.setdefault(table, []).append(kept)
        return kept

    def interaction(self, past: Past, happened: list[Happening], **more: Any) -> Row:
        """The interaction with its events so far, its times derived from them as those of live ones are."""
        is_over = len(happened) == len(past.happenings)
        events = [(one.kind, one.at, self._data(past, one)) for one in happened]
        row = self.keep(
            "interaction",
            id=self.new_id(past.at),
            number=self.number("interaction"),
            channel=past.channel,
            direction="inbound",
            party=past.party,
            case_id=None,
            shopper_id=self.shopper(past.person, past.at),
            desk_id=self.ids.desk_id if past.channel is Channel.PHONE else None,
            reason_id=self.ids.reasons[past.reason] if past.reason and is_over else None,
            outcome=past.outcome if is_over else None,
            notes=past.notes,
            captured={},
            **asdict(replay(past.at, events)),
        )
        row |= more
        for seq, (one, (_, _, data)) in enumerate(zip(happened, events, strict=True), start=1):
            self.keep(
                "interaction_event", id=self.new_id(one.at), interaction_id=row["id"], seq=seq,
                kind=one.kind, at=one.at, actor_kind=one.doer, actor_id=self.agent(one.agent), data=data,
            )  # fmt: skip
        return row

    def case(self, subject: str, past: Past, *, state: CaseState, closed_at: datetime | None) -> Row:
        return self.keep(
            "case",
            id=self.new_id(past.at),
            number=self.number("case"),
            subject=subject,
            state=state,
            shopper_id=self.shopper(past.person, past.at),
            opened_at=past.at,
            due_at=None,
            closed_at=closed_at,
            assigned_to=None,
            version=1 if closed_at is None else 2,
            worked_ms=0,
        )

    def number(self, purpose: str) -> int:
        self.numbers[purpose] += 1
        return self.numbers[purpose]

    def agent(self, number: int | None) -> UUID | None:
        return None if number is None else self.ids.agents[number]

    def phrase(self, past: Past, at: datetime) -> UUID:
        """What the agent's screen showed who answered then."""
        queued = past.of(EventKind.QUEUED)
        waited = at - (queued.at if queued else at)
        return self.ids.phrases[situation_after(waited), DayPart.ANY]

    def shopper(self, person: Person | None, at: datetime) -> UUID | None:
        """The row of a person, made at the first contact; None for a withheld number."""
        if person is None:
            return None
        if person not in self.shoppers:
            self.shoppers[person] = shopper_id = self.new_id(at)
            self.keep("shopper", id=shopper_id, name=person.name, created_at=at)
            for kind, value in ((HandleKind.PHONE, person.phone), (HandleKind.MAIL, person.mail)):
                self.keep("shopper_handle", id=self.new_id(at), shopper_id=shopper_id, kind=kind, value=value)
        return self.shoppers[person]

    def counters(self) -> None:
        """The numbers given so far, where the next ones go on."""
        for purpose, value in self.numbers.items():
            self.keep("counter", purpose=purpose, value=value)

    def _data(self, past: Past, one: Happening) -> Row:
        """What the event says, in the words and ids of live events."""
        data = {name: _plain(value) for name, value in one.data.items() if value is not None}
        if one.agent is not None and one.kind in NAMES_AGENT:
            data["agent_id"] = str(self.ids.agents[one.agent])
        if one.kind is EventKind.ANSWERED:
            data["phrase_id"] = str(self.phrase(past, one.at))
        return data


def _plain(value: object) -> object:
    return value.isoformat(timespec="milliseconds") if isinstance(value, datetime) else value
