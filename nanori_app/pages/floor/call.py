"""One call in progress, opened from the floor: where it stands, what happened, and whether one takes part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from interactions.models import Interaction, InteractionEvent
from interactions.queries import events_of, interaction_by_id
from interactions.wording import ICONS, OTHER_ICON, event_in
from nanori.actors import Role
from nanori.context import Context
from nanori.identity.queries import names_of
from nanori.words import N_, Words, words_for
from nanori_app.pages.desk_parts import EventLine, Timer, running
from nanori_app.pages.floor.facts import CallFacts
from nanori_app.pages.floor.reads import calls_in_hand
from nanori_app.pages.floor.words import CALL_STATES, MODES
from telephony.errors import CallNotFound
from telephony.models import Call, Leg
from telephony.values import CallState, LegRole, LegState, Supervision
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id

LIVE = (LegState.EXPECTED, LegState.DIALLED, LegState.JOINED)
TALKS = frozenset({CallState.TALKING, CallState.HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class ModePart:
    """One way of taking part; ``key`` is its letter on the keyboard."""

    mode: str
    label: str
    means: str
    icon: str
    key: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    tenant_id: UUID
    call_id: UUID
    shop: str
    reading: str
    logo: str
    desk: str
    number: str
    href: str  # in the log
    state: str
    label: str
    timer: Timer | None
    help_timer: Timer | None
    agent: str
    agent_href: str
    facts: Sequence[tuple[str, str]]
    may_take_part: bool
    modes: Sequence[ModePart]
    takes_part: bool
    others: Sequence[str]  # supervisors in the call besides the reader
    agent_is_told: bool
    events: Sequence[EventLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class MyCall:
    """The call in which the reader takes part as a supervisor."""

    href: str
    call_id: UUID
    shop_id: str
    shop: str
    logo: str
    agent: str
    mode: str
    modes: Sequence[ModePart]


async def call_view(session: AsyncSession, context: Context, tenant_id: UUID, call_id: UUID) -> CallView:
    """The call as it stands; one that has ended is shown as ended.

    Raises:
        CallNotFound: no such call of this shop.
    """
    call = await session.get(Call, (tenant_id, call_id), populate_existing=True)
    if call is None:
        raise CallNotFound
    words, now = words_for(context.locale), context.now
    shop = await shop_by_id(session, tenant_id)
    interaction = await interaction_by_id(session, tenant_id, call.interaction_id)
    desk = await session.get(Desk, (tenant_id, call.desk_id)) if call.desk_id else None
    line = next((one for one in await calls_in_hand(session, call_id=call_id)), None)
    legs = await _supervisors(session, tenant_id, call_id)
    mine = next((leg for leg, _ in legs if leg.agent_id == context.account_id), None)
    events = await events_of(session, interaction)
    return CallView(
        tenant_id=tenant_id,
        call_id=call_id,
        shop=shop.brand_name,
        reading=shop.brand_reading,
        logo=_logo(shop),
        desk=desk.name if desk else "",
        number=str(interaction.number),
        href=f"/interactions/{tenant_id}/{interaction.id}",
        state=call.state.value,
        label=words.gettext(CALL_STATES.get(call.state, N_("Waiting"))),
        timer=_timer(call, line, words, now),
        help_timer=running(call.help_asked_at, now, words) if call.help_asked_at else None,
        agent=line.agent if line else "",
        agent_href=f"/floor/agents/{line.agent_id}" if line and line.agent_id else "",
        facts=_facts(interaction, words, context),
        may_take_part=context.may(Role.SUPERVISOR) and call.state in TALKS,
        modes=_modes(mine.supervision if mine else None, words),
        takes_part=mine is not None,
        others=[name for leg, name in legs if leg.agent_id != context.account_id],
        agent_is_told=shop.tells_agent_when_supervised,
        events=await _lines(session, events, words, context),
    )


def _timer(call: Call, line: CallFacts | None, words: Words, now: datetime) -> Timer | None:
    """How long the present state lasts; nothing runs any more in a call that has ended."""
    if call.state is CallState.CLOSED:
        return None
    return running((line.held_since or line.since) if line else call.started_at, now, words)


async def my_call(session: AsyncSession, context: Context) -> MyCall | None:
    """Where the reader listens, whispers or speaks now; the board must never let one forget it."""
    if not context.may(Role.SUPERVISOR):
        return None
    row = (
        await session.execute(
            select(Leg, Tenant)
            .join(Call, and_(Call.tenant_id == Leg.tenant_id, Call.id == Leg.call_id))
            .join(Tenant, Tenant.tenant_id == Leg.tenant_id)
            .where(
                Leg.agent_id == context.account_id,
                Leg.role == LegRole.MONITOR,
                Leg.state.in_(LIVE),
                Call.state != CallState.CLOSED,
            )
            .order_by(Leg.created_at.desc())
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        return None
    leg, shop = row
    words = words_for(context.locale)
    line = next((one for one in await calls_in_hand(session, call_id=leg.call_id)), None)
    mode = leg.supervision or Supervision.LISTEN
    return MyCall(
        href=f"/floor/calls/{leg.tenant_id}/{leg.call_id}",
        call_id=leg.call_id,
        shop_id=str(shop.tenant_id),
        shop=shop.brand_name,
        logo=_logo(shop),
        agent=line.agent if line else "",
        mode=mode.value,
        modes=_modes(mode, words),
    )


async def _supervisors(session: AsyncSession, tenant_id: UUID, call_id: UUID) -> list[tuple[Leg, str]]:
    found = await session.scalars(
        select(Leg)
        .where(
            Leg.tenant_id == tenant_id,
            Leg.call_id == call_id,
            Leg.role == LegRole.MONITOR,
            Leg.state.in_(LIVE),
        )
        .order_by(Leg.created_at, Leg.id)
    )
    legs = list(found)
    names = await names_of(session, [leg.agent_id for leg in legs if leg.agent_id])
    return [(leg, names.get(leg.agent_id, "") if leg.agent_id else "") for leg in legs]


def _modes(chosen: Supervision | None, words: Words) -> list[ModePart]:
    return [
        ModePart(
            mode=mode.value, label=words.gettext(label), means=words.gettext(means), icon=icon, key=key,
            chosen=mode is chosen,
        )
        for mode, (label, means, icon, key) in MODES.items()
    ]  # fmt: skip


def _logo(shop: Tenant) -> str:
    return f"/brand/{shop.tenant_id}/logo?v={shop.logo_file_id}" if shop.logo_file_id else ""


def _facts(interaction: Interaction, words: Words, context: Context) -> list[tuple[str, str]]:
    """What is known of the call so far; nothing of who calls."""
    answered = interaction.answered_at
    waited = answered - interaction.queued_at if answered and interaction.queued_at else None
    shown = [
        (N_("Came in at"), words.time(interaction.arrived_at, context.zone, seconds=True)),
        (N_("Waited"), words.clock(waited)),
        (N_("Offered"), words.ngettext("{n} time", "{n} times", interaction.offers)),
        (N_("Name confirmed at"), words.time(interaction.name_confirmed_at, context.zone, seconds=True)),
    ]
    return [(words.gettext(name), said) for name, said in shown]


async def _lines(
    session: AsyncSession, events: Sequence[InteractionEvent], words: Words, context: Context
) -> list[EventLine]:
    """What happened, the newest first."""
    named = [event.actor_id for event in events if event.actor_id]
    named += [UUID(str(event.data["agent_id"])) for event in events if event.data.get("agent_id")]
    names = await names_of(session, named)
    return [
        EventLine(
            at=words.time(event.at, context.zone, seconds=True),
            iso=event.at.isoformat(),
            icon=ICONS.get(event.kind, OTHER_ICON),
            text=event_in(words, event.kind, event.data, names),
        )
        for event in reversed(events)
    ]
