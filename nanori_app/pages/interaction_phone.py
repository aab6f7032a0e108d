"""What telephony adds to an interaction's page: who was on the line, and what was recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from interactions.policy import may_know_of_listening
from interactions.values import Channel, Direction
from nanori.context import Context
from nanori.identity.queries import names_of
from nanori.text import phone_for_people
from nanori.words import DASH, N_, Words
from telephony.models import Call, Leg, Recording
from telephony.queries import call_of_interaction, legs_of
from telephony.values import LegRole, LegState, RecordingKind, Supervision
from tenants.queries import shop as shop_by_id

ROLES: Mapping[LegRole, str] = {
    LegRole.AGENT: N_("Agent"),
    LegRole.CONTACT: N_("Contact of the shop"),
    LegRole.CONSULT: N_("Colleague"),
    LegRole.MONITOR: N_("Supervisor"),
}
KINDS: Mapping[RecordingKind, tuple[str, str]] = {
    RecordingKind.VOICEMAIL: (N_("Voicemail"), "voicemail"),
    RecordingKind.CALL: (N_("Recorded call"), "audio-lines"),
}
STATES: Mapping[LegState, str] = {
    LegState.EXPECTED: N_("Being connected"),
    LegState.DIALLED: N_("Ringing"),
    LegState.JOINED: N_("On the line"),
    LegState.LEFT: N_("Was on the line"),
    LegState.FAILED: N_("Did not join"),
}


@dataclass(frozen=True, slots=True)
class LegView:
    """One party beside the caller."""

    role: str
    who: str
    state: str
    joined: str
    left: str
    length: str


@dataclass(frozen=True, slots=True)
class RecordingView:
    """One message or recorded call; ``href`` is empty until it has been fetched from the carrier."""

    kind: str
    icon: str
    href: str
    at: str
    length: str


@dataclass(frozen=True, slots=True)
class PhonePart:
    who: str  # who called whom
    legs: list[LegView]
    recordings: list[RecordingView]


async def phone_part(
    session: AsyncSession, interaction: Interaction, *, words: Words, context: Context
) -> PhonePart | None:
    """None for a mail, and for a call of which only the log is kept."""
    if interaction.channel is not Channel.PHONE:
        return None
    call = await call_of_interaction(session, interaction.tenant_id, interaction.id)
    if call is None:
        return None
    legs = await legs_of(session, call.tenant_id, call.id)
    names = await names_of(session, [leg.agent_id for leg in legs if leg.agent_id])
    told = await _told(session, call, context)
    return PhonePart(
        who=_who(call, words),
        legs=[_leg(leg, names, words, context) for leg in legs if told or not _is_silent(leg)],
        recordings=[
            _recording(one, call, words, context) for one in await _recordings(session, call)
        ],
    )  # fmt: skip


async def recording_of(
    session: AsyncSession, tenant_id: UUID, interaction_id: UUID, recording_id: UUID
) -> Recording | None:
    """A recording of that very interaction; ids that do not belong together find nothing."""
    found: Recording | None = await session.scalar(
        select(Recording)
        .join(Call, (Call.tenant_id == Recording.tenant_id) & (Call.id == Recording.call_id))
        .where(
            Recording.tenant_id == tenant_id,
            Recording.id == recording_id,
            Call.interaction_id == interaction_id,
        )
    )
    return found


def _who(call: Call, words: Words) -> str:
    """Who called whom, in numbers as people write them."""
    shopper = phone_for_people(call.from_number) if call.from_number else words.gettext(N_("Withheld"))
    ours = phone_for_people(call.to_number)
    calling, dialled = (ours, shopper) if call.direction is Direction.OUTBOUND else (shopper, ours)
    return words.gettext(N_("{calling} called {dialled}")).format(calling=calling, dialled=dialled)


async def _told(session: AsyncSession, call: Call, context: Context) -> bool:
    """May the reader know of silent listening? Agents only where the shop tells them."""
    shop = await shop_by_id(session, call.tenant_id)
    return may_know_of_listening(context, tells_agents=shop.tells_agent_when_supervised)


def _is_silent(leg: Leg) -> bool:
    return leg.role is LegRole.MONITOR and leg.supervision is Supervision.LISTEN


async def _recordings(session: AsyncSession, call: Call) -> list[Recording]:
    found = await session.scalars(
        select(Recording)
        .where(Recording.tenant_id == call.tenant_id, Recording.call_id == call.id)
        .order_by(Recording.announced_at, Recording.id)
    )
    return list(found)


def _leg(leg: Leg, names: Mapping[UUID, str], words: Words, context: Context) -> LegView:
    return LegView(
        role=words.gettext(ROLES[leg.role]),
        who=names.get(leg.agent_id, "") if leg.agent_id else "",
        state=words.gettext(STATES[leg.state]),
        joined=words.time(leg.joined_at, context.zone, seconds=True),
        left=words.time(leg.left_at, context.zone, seconds=True),
        length=words.clock(leg.left_at - leg.joined_at) if leg.left_at and leg.joined_at else DASH,
    )


def _recording(one: Recording, call: Call, words: Words, context: Context) -> RecordingView:
    page = f"/interactions/{call.tenant_id}/{call.interaction_id}"
    said, icon = KINDS[one.kind]
    return RecordingView(
        kind=words.gettext(said),
        icon=icon,
        href=f"{page}/recordings/{one.id}" if one.file_id else "",
        at=words.moment(one.announced_at, context.zone),
        length=words.duration(one.seconds),
    )
