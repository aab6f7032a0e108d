"""One interaction as its page and its JSON twin show it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desks.queries import desk_by_id
from interactions import queries
from interactions.models import Case, Interaction, InteractionEvent
from interactions.orders.mentions import KEYS as MENTIONED
from interactions.policy import known_events
from interactions.values import Channel, Direction
from interactions.web.log_view import BADGES, facts, waited
from interactions.wording import ACTORS, CHANNELS, ICONS, OTHER_ICON, event_in, outcome_in
from nanori.context import Context
from nanori.identity.queries import names_of
from nanori.text import phone_for_people
from nanori.words import N_, Words
from scripts_talk.models import ScriptTalk
from scripts_talk.queries import TalkScript, published_script
from scripts_talk.steps import CapturedField, Talk
from scripts_talk.talks import told_of
from scripts_talk.values import FieldKind
from scripts_talk.wording import ANSWERS
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id

SCRIPT = N_("{name}, version {n}")

ORDER_NUMBER = N_("Order number")


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of the timeline; ``after`` is the time since the line before, empty when it is none."""

    at: str
    iso: str
    icon: str
    said: str
    by: str
    after: str


@dataclass(frozen=True, slots=True)
class EarlierView:
    href: str
    said: str
    outcome: str
    badge: str


@dataclass(frozen=True, slots=True)
class SaidView:
    """One step of the script as the agent had it in sight."""

    at: str
    title: str
    said: str  # empty for an offer that was not to be made


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailView:
    """Everything on the page but what other rooms add."""

    tenant_id: str
    brand: str
    reading: str
    logo: str
    number: str
    heading: str
    arrived: str
    icon: str
    outcome: str
    badge: str
    figures: list[tuple[str, str, str]]  # name, value, what it counts
    events: list[EventView]
    shopper: str
    handles: list[str]
    people: list[tuple[str, str]]  # what, who
    script: str  # name and version of what the agent was shown
    said: list[SaidView]
    captured: list[tuple[str, str]]
    notes: str
    additions: list[tuple[str, str, str]]  # who, when, what was added to the notes
    case: str
    earlier: list[EarlierView]
    zone: str


async def detail_view(
    session: AsyncSession, interaction: Interaction, *, words: Words, context: Context
) -> DetailView:
    shop = await shop_by_id(session, interaction.tenant_id)
    events = known_events(
        await queries.events_of(session, interaction), context, tells_agents=shop.tells_agent_when_supervised
    )
    added = await queries.additions_of(session, interaction)
    names = await names_of(session, [*_accounts(interaction, events), *(one.agent_id for one in added)])
    shopper = await queries.shopper_of(session, interaction)
    told = await told_of(session, interaction.tenant_id, interaction.id)
    case = await queries.case_of(session, interaction)
    return DetailView(
        tenant_id=str(interaction.tenant_id),
        brand=shop.brand_name,
        reading=shop.brand_reading,
        logo=f"/brand/{shop.tenant_id}/logo?v={shop.logo_file_id}" if shop.logo_file_id else "",
        number=f"#{interaction.number}",
        heading=words.gettext(_heading(interaction)),
        arrived=words.moment(interaction.arrived_at, context.zone, seconds=True),
        icon=_icon(interaction),
        outcome=outcome_in(words, interaction.outcome),
        badge=BADGES.get(interaction.outcome, ""),
        figures=_figures(interaction, words),
        events=_event_views(events, names, words, context),
        shopper=shopper.name if shopper else "",
        handles=await _handles(session, interaction),
        people=await _people(session, interaction, names, words),
        script=words.gettext(SCRIPT).format(name=told[0].name, n=told[0].number) if told else "",
        said=_said(*told, words, context) if told else [],
        captured=await _captured(session, interaction, told[0] if told else None, words),
        notes=interaction.notes,
        additions=[
            (names.get(one.agent_id, ""), words.moment(one.written_at, context.zone), one.text)
            for one in added
        ],
        case=await _case(session, case, words),
        earlier=await _earlier(session, interaction, shop, words, context),
        zone=str(context.zone),
    )


def detail_as_json(view: DetailView, interaction: Interaction) -> dict[str, Any]:
    """The twin of the page: ids, times and the words beside them."""
    return facts(interaction) | asdict(view) | {"number": interaction.number}


def _heading(at: Interaction) -> str:
    if at.channel is Channel.MAIL:
        return N_("Mail sent") if at.direction is Direction.OUTBOUND else N_("Mail received")
    return N_("Outgoing call") if at.direction is Direction.OUTBOUND else N_("Incoming call")


def _icon(at: Interaction) -> str:
    if at.channel is Channel.MAIL:
        return "mail"
    return "phone-outgoing" if at.direction is Direction.OUTBOUND else "phone-incoming"


def _figures(at: Interaction, words: Words) -> list[tuple[str, str, str]]:
    if at.channel is Channel.MAIL:
        replied = at.first_reply_at - at.arrived_at if at.first_reply_at else None
        named = [(N_("First reply after"), N_("From the mail's arrival until our first reply"), replied)]
    else:
        spent = [_milliseconds(at, at.talk_ms), _milliseconds(at, at.hold_ms), _milliseconds(at, at.acw_ms)]
        named = [
            (N_("Waited"), N_("From the queue until an agent answered or the caller gave up"), waited(at)),
            (N_("Talked"), N_("Agent and caller heard each other; holds are not in it"), spent[0]),
            (N_("On hold"), N_("The caller heard music"), spent[1]),
            (N_("After-call work"), N_("From the end of the agent's part until it was saved"), spent[2]),
        ]
    return [(words.gettext(name), words.clock(value), words.gettext(what)) for name, what, value in named]


def _milliseconds(at: Interaction, amount: int) -> timedelta | None:
    return timedelta(milliseconds=amount) if at.answered_at else None


def _event_views(
    events: Sequence[InteractionEvent], names: dict[UUID, str], words: Words, context: Context
) -> list[EventView]:
    before: list[datetime | None] = [None, *(event.at for event in events)]
    return [
        _event_view(event, last, names, words, context) for event, last in zip(events, before, strict=False)
    ]


def _event_view(
    event: InteractionEvent, last: datetime | None, names: dict[UUID, str], words: Words, context: Context
) -> EventView:
    said = event_in(words, event.kind, event.data, names)
    who = _who(event, names, words)
    return EventView(
        at=words.time(event.at, context.zone, seconds=True),
        iso=event.at.isoformat(timespec="milliseconds"),
        icon=ICONS.get(event.kind, OTHER_ICON),
        said=said,
        by="" if who in said else who,  # the sentence has named them
        after=_after(event.at, last, words),
    )


def _who(event: InteractionEvent, names: dict[UUID, str], words: Words) -> str:
    """Who did it: by name where it was one of us."""
    name = names.get(event.actor_id) if event.actor_id else None
    return name or words.gettext(ACTORS[event.actor_kind])


def _after(at: datetime, last: datetime | None, words: Words) -> str:
    if last is None or at - last < timedelta(seconds=1):
        return ""
    return f"+{words.clock(at - last)}"


def _accounts(at: Interaction, events: Iterable[InteractionEvent]) -> list[UUID]:
    named = [at.agent_id]
    for event in events:
        named += [event.actor_id, UUID(str(event.data["agent_id"])) if event.data.get("agent_id") else None]
    return [account for account in named if account is not None]


async def _handles(session: AsyncSession, at: Interaction) -> list[str]:
    if at.shopper_id is None:
        return []
    found = await queries.handles_of(session, at.tenant_id, at.shopper_id)
    return [phone_for_people(handle.value) for handle in found]


async def _case(session: AsyncSession, case: Case | None, words: Words) -> str:
    """Its number and subject, and where it goes on."""
    if case is None:
        return ""
    named = f"No. {case.number} {case.subject}"
    if case.joined_to is None:
        return named
    head = await session.get_one(Case, (case.tenant_id, case.joined_to))
    return words.gettext(N_("{case} (joined with No. {number})"), case=named, number=head.number)


async def _people(
    session: AsyncSession, at: Interaction, names: dict[UUID, str], words: Words
) -> list[tuple[str, str]]:
    """Reason, agent and desk, as far as they are known."""
    reason = await queries.reason_of(session, at)
    desk = await desk_by_id(session, at.tenant_id, at.desk_id) if at.desk_id else None
    label = (reason.label_ja if words.locale == "ja" else reason.label_en) if reason else ""
    known = [
        (N_("Reason"), label),
        (N_("Agent"), names.get(at.agent_id, "") if at.agent_id else ""),
        (N_("Desk"), desk.name if desk else ""),
    ]
    return [(words.gettext(what), who) for what, who in known if who]


def _said(script: TalkScript, talk: ScriptTalk, words: Words, context: Context) -> list[SaidView]:
    """Every step in the order in which it was in sight, in the words that stood there."""
    steps = Talk(script.steps)
    return [
        SaidView(
            at=words.time(datetime.fromisoformat(one["at"]), context.zone, seconds=True),
            title=step.title if (step := steps.step(one["step"])) else one["step"],
            said=one["said"],
        )
        for one in talk.shown
    ]


async def _captured(
    session: AsyncSession, at: Interaction, shown: TalkScript | None, words: Words
) -> list[tuple[str, str]]:
    """What was asked and written down, under the labels of the version that was shown, otherwise of today's;
    a field that was taken away keeps its key.
    """
    if not at.captured:
        return []
    script = shown or await published_script(session, at.tenant_id, desk_id=at.desk_id)
    fields = Talk(script.steps).fields if script else {}
    return [
        (field.label, _answer(field, str(value), words))
        if (field := fields.get(key))
        else (words.gettext(ORDER_NUMBER) if key in MENTIONED else key, str(value))
        for key, value in at.captured.items()
    ]


def _answer(field: CapturedField, value: str, words: Words) -> str:
    is_yes_or_no = field.kind is FieldKind.YES_NO and value in ANSWERS
    return words.gettext(ANSWERS[value]) if is_yes_or_no else value


async def _earlier(
    session: AsyncSession, at: Interaction, shop: Tenant, words: Words, context: Context
) -> list[EarlierView]:
    found = await queries.earlier_of(session, at)
    return [
        EarlierView(
            href=f"/interactions/{shop.tenant_id}/{one.id}",
            said=f"{words.moment(one.arrived_at, context.zone)} {words.gettext(CHANNELS[one.channel])}",
            outcome=outcome_in(words, one.outcome),
            badge=BADGES.get(one.outcome, ""),
        )
        for one in found
    ]
