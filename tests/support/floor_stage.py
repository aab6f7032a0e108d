"""A floor at full work, written in bulk: shops with a desk each, agents in every state, calls, today's past.

Everything is drawn from a seed, so that the same floor comes again.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.models import Desk, Engagement, PresenceInterval, RosterEntry, Seat, Waiting
from desks.values import (
    BreakReason,
    Channel,
    DeskState,
    NotReadyReason,
    Presence,
    WaitingState,
)
from interactions.models import Interaction
from interactions.values import Channel as Medium
from interactions.values import Direction, Outcome
from nanori.db import Base, bind_all_shops
from nanori.directory import DirectoryEntry, Kind
from nanori.identity.models import Account
from telephony.models import Call
from telephony.values import CallState
from tenants.models import ContractTerms, OpeningSpan, Tenant
from tenants.values import ServiceLevelLetter

BRANDS = (
    ("ミナト珈琲", "みなとこーひー", "#7a3e1d", "注文・配送デスク"),
    ("花影フラワー", "はなかげふらわー", "#b3266b", "お花のご注文デスク"),
    ("月見着物レンタル", "つきみきものれんたる", "#4b3a8f", "ご予約デスク"),
    ("こだまアウトドア", "こだまあうとどあ", "#1f6b45", "お客様サポート"),
    ("しろくまキッズ", "しろくまきっず", "#0f6ea8", "しろくまデスク"),
    ("Northwind Tea", "のーすうぃんどてぃー", "#a35a00", "Customer care"),
)
AGENTS = (
    "青木 はるか", "石川 大輔", "上田 菜々", "遠藤 拓海", "大野 結衣", "加藤 翔",
    "木村 彩", "久保 直樹", "小林 さくら", "斎藤 亮", "Emily Carter", "清水 香織",
)  # fmt: skip
CHUNK = 2000
Row = dict[str, Any]


@dataclass(slots=True)
class Floor:
    """What was written, in the order of making."""

    shops: list[UUID] = field(default_factory=list)
    desks: list[UUID] = field(default_factory=list)
    agents: list[UUID] = field(default_factory=list)
    calls: list[UUID] = field(default_factory=list)
    rows: dict[type[Base], list[Row]] = field(default_factory=dict)

    def add(self, table: type[Base], **values: Any) -> None:
        self.rows.setdefault(table, []).append(values)


async def fill_floor(
    session: AsyncSession,
    *,
    now: datetime,
    desks: int = 3,
    agents: int = 12,
    calls_today: int = 30,
    seed: int = 1,
) -> Floor:
    """Write it; the session is bound to every shop afterwards. ``calls_today`` are those of each desk."""
    floor, chance = Floor(), random.Random(seed)
    for place in range(desks):
        _a_desk(floor, place, now)
    for place in range(agents):
        _an_agent(floor, place, chance, now)
    for place in range(desks):
        _past_of(floor, place, calls_today, chance, now)
        _queue_of(floor, place, chance, now)
    await _write(session, floor)
    return floor


def _a_desk(floor: Floor, place: int, now: datetime) -> None:
    brand, reading, colour, name = BRANDS[place % len(BRANDS)]
    again = place // len(BRANDS)
    shop, desk, opened = uuid7(), uuid7(), now - timedelta(days=90)
    if again:
        brand, reading = f"{brand} {again + 1}号店", f"{reading} {again + 1}"
    floor.shops.append(shop)
    floor.desks.append(desk)
    floor.add(DirectoryEntry, kind=Kind.SHOP, key=f"floor-{shop.hex}", shop_id=shop, subject_id=None)
    floor.add(
        Tenant, tenant_id=shop, slug=f"floor-{shop.hex}", legal_name=brand, brand_name=brand,
        brand_reading=reading, colour=colour, locale="ja", zone="Asia/Tokyo", created_at=opened,
    )  # fmt: skip
    for weekday in range(8):
        floor.add(OpeningSpan, tenant_id=shop, id=uuid7(), weekday=weekday, opens=0, closes=1440)
    floor.add(
        ContractTerms, tenant_id=shop, id=uuid7(), valid_from=opened.date(), valid_until=None,
        letter=list(ServiceLevelLetter)[place % 4], second_letter=None, answer_within_seconds=20,
        target_percent=75 + 5 * (place % 3), short_abandon_seconds=5, mail_within_minutes=1440,
        counts_out_of_hours=False,
    )  # fmt: skip
    floor.add(
        Desk, tenant_id=shop, id=desk, name=name, state=DeskState.OPEN, created_at=opened,
    )  # fmt: skip


def _an_agent(floor: Floor, place: int, chance: random.Random, now: datetime) -> None:
    """Signed in and in some state; who is on a call or wraps up has the call of one of the desks."""
    agent = uuid7()
    floor.agents.append(agent)
    name = AGENTS[place % len(AGENTS)] + (f" {place // len(AGENTS) + 1}" if place >= len(AGENTS) else "")
    floor.add(
        Account, id=agent, login=f"{agent.hex}@nanori.example", name=name, password_hash="", locale="ja",
        created_at=now, disabled_at=None,
    )  # fmt: skip
    at = [(place + step) % len(floor.desks) for step in (0, 1, 7)] if floor.desks else []
    for desk in dict.fromkeys(at):
        floor.add(
            RosterEntry, tenant_id=floor.shops[desk], id=uuid7(), desk_id=floor.desks[desk], agent_id=agent,
            level=1,
        )  # fmt: skip
    states = [Presence.READY, Presence.BUSY, Presence.BUSY, Presence.BUSY, Presence.WRAPUP, Presence.BREAK]
    state = Presence.NOT_READY if place % 11 == 10 else states[place % len(states)]
    reasons = {
        Presence.BREAK: BreakReason.LUNCH.value,
        Presence.NOT_READY: NotReadyReason.SILENT.value,
    }
    since = now - timedelta(seconds=chance.randint(5, 200))
    floor.add(
        Seat, agent_id=agent, state=state, reason=reasons.get(state), since=since, tab="a tab", beat_at=now,
        misses=0, idle_since=since if state is Presence.READY else None,
    )  # fmt: skip
    floor.add(
        PresenceInterval, id=uuid7(), agent_id=agent, state=state, reason=reasons.get(state),
        started_at=since, ended_at=None,
    )  # fmt: skip
    if state in {Presence.BUSY, Presence.WRAPUP} and at:
        _call_of(floor, at[0], agent, since, place, wraps_up=state is Presence.WRAPUP)


def _call_of(floor: Floor, desk: int, agent: UUID, since: datetime, place: int, *, wraps_up: bool) -> None:
    shop, interaction, call = floor.shops[desk], uuid7(), uuid7()
    held = place % 12 == 3
    floor.add(
        Interaction,
        **_interaction(shop, interaction, 100_000 + place, floor.desks[desk], since - timedelta(seconds=12)),
        agent_id=agent, queued_at=since - timedelta(seconds=8), answered_at=since,
        outcome=Outcome.ANSWERED if wraps_up else None, ended_at=since if wraps_up else None,
    )  # fmt: skip
    state = CallState.CLOSED if wraps_up else CallState.HELD if held else CallState.TALKING
    floor.calls.append(call)
    floor.add(
        Call, tenant_id=shop, id=call, interaction_id=interaction, account_sid="AC" + "0" * 32,
        call_sid="CA" + call.hex, state=state, from_number="+819000001111", to_number="+815031960001",
        desk_id=floor.desks[desk], turn=1, caller_joined_at=since, held_since=since if held else None,
        help_asked_at=since + timedelta(seconds=1) if place == 1 and not wraps_up else None,
        started_at=since - timedelta(seconds=12), status_rank=3,
    )  # fmt: skip
    floor.add(
        Engagement, tenant_id=shop, id=uuid7(), agent_id=agent, interaction_id=interaction,
        channel=Channel.PHONE, started_at=since, wrapup_since=since if wraps_up else None,
        wrapup_due_at=since + timedelta(minutes=5) if wraps_up else None,
    )  # fmt: skip


def _past_of(floor: Floor, place: int, number: int, chance: random.Random, now: datetime) -> None:
    """Calls of the last hours, most of them answered in time; every seventh desk has a bad day."""
    shop, desk = floor.shops[place], floor.desks[place]
    for one in range(number):
        queued = now - timedelta(seconds=chance.randint(300, 6 * 3600))
        wait = timedelta(seconds=int(chance.expovariate(1 / (28 if place % 7 == 2 else 8))))
        lost = chance.random() < (0.15 if place % 7 == 2 else 0.03)
        times = {"abandoned_at": queued + wait} if lost else {"answered_at": queued + wait}
        floor.add(
            Interaction,
            **_interaction(shop, uuid7(), one + 1, desk, queued - timedelta(seconds=8)),
            queued_at=queued, outcome=Outcome.ABANDONED if lost else Outcome.ANSWERED,
            ended_at=queued + wait + timedelta(minutes=0 if lost else 3), **times,
        )  # fmt: skip


def _queue_of(floor: Floor, place: int, chance: random.Random, now: datetime) -> None:
    """Every third desk has callers in its queue."""
    shop, desk = floor.shops[place], floor.desks[place]
    for turn in range(chance.randint(1, 4) if place % 3 == 0 else 0):
        since = now - timedelta(seconds=chance.randint(4, 55) + (40 if place == 0 else 0))
        interaction = uuid7()
        floor.add(
            Interaction, **_interaction(shop, interaction, 200_000 + turn, desk, since), queued_at=since
        )
        floor.add(
            Waiting, tenant_id=shop, id=uuid7(), desk_id=desk, interaction_id=interaction, turn=1,
            state=WaitingState.WAITING, enqueued_at=since, connectable_at=since,
        )  # fmt: skip


def _interaction(shop: UUID, row: UUID, number: int, desk: UUID, arrived: datetime) -> Row:
    return {
        "tenant_id": shop, "id": row, "number": number, "channel": Medium.PHONE,
        "direction": Direction.INBOUND, "desk_id": desk, "arrived_at": arrived.astimezone(UTC),
    }  # fmt: skip


async def _write(session: AsyncSession, floor: Floor) -> None:
    """Parents before children; all rows of one table have the same columns."""
    order = (
        DirectoryEntry, Tenant, OpeningSpan, ContractTerms, Account, Desk, RosterEntry, Seat,
        PresenceInterval, Interaction, Call, Engagement, Waiting,
    )  # fmt: skip
    for table in order:
        rows = floor.rows.get(table, [])
        names = {name for row in rows for name in row}
        alike = [dict.fromkeys(names) | row for row in rows]
        for start in range(0, len(alike), CHUNK):
            await session.execute(insert(table), alike[start : start + CHUNK])
        if table is DirectoryEntry:
            await bind_all_shops(session)
