"""Puts the agent's desk together: what is in hand, for which shop, and everything beside it.

At most fifteen statements, all under the row-level security of the agent's own shops; a test counts them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Seat
from desks.presence import CHOSEN_FROM, is_heard
from desks.values import BreakReason, EngagementRole, NotReadyReason, Presence
from desks.wording import PRESENCE
from interactions.models import Interaction
from interactions.policy import known_events
from interactions.queries import additions_of, events_of, reasons_of
from nanori.context import Context
from nanori.words import Words, words_for
from nanori_app.pages import desk_reads
from nanori_app.pages.desk_call import call_part, escalation_part, mode_of, taping_of
from nanori_app.pages.desk_calling import call_out, is_ours, not_reached
from nanori_app.pages.desk_colleagues import (
    consult_part,
    contact_choices,
    desks_to_ask,
    names_of,
    shop_before,
)
from nanori_app.pages.desk_company import company_of
from nanori_app.pages.desk_parts import (
    IN_CALL,
    CaseLine,
    ConsultPart,
    DeskView,
    FieldPart,
    Holder,
    Mode,
    QueueLine,
    SeatPart,
    ShopPart,
    StepPart,
    Taping,
    TodayPart,
    UnreadPart,
    running,
)
from nanori_app.pages.desk_reads import InHand, OpenCase, QueueRow
from nanori_app.pages.desk_shopper import earlier_lines, event_lines, shopper_part
from nanori_app.pages.desk_words import BREAKS, NOT_READY
from scripts_talk.knowledge.markup import to_html
from scripts_talk.knowledge.models import ArticleVersion
from scripts_talk.knowledge.queries import unread_notices
from scripts_talk.shown import StepShown
from scripts_talk.talks import TalkNow, talk_of
from scripts_talk.values import StepKind
from telephony.commands.notes import facts_of
from telephony.commands.recordings import last_switch
from tenants.escalation.queries import limits_for
from tenants.escalation.wording import limit_lines
from tenants.models import AnswerPhrase, Tenant
from tenants.phrases import phrase_for, situation_after
from tenants.queries import contacts_to_call, first_numbers, phrases_of, shops
from tenants.values import Situation

TAIL = 4
"""Of a number, as much as its owner needs to know it by."""


async def desk_view(session: AsyncSession, context: Context, *, tab: str = "") -> DeskView:
    """The desk of whoever asks, as the tab named ``tab`` may use it."""
    agent_id = context.account_id
    words = words_for(context.locale)
    seat, number = await desk_reads.seat_of(session, agent_id)
    hand = await desk_reads.in_hand(session, agent_id)
    hand = hand or await desk_reads.offered(session, agent_id, now=context.now)
    known = {shop.tenant_id: shop for shop in await shops(session)}
    about = _may_read_about(hand, known)
    base = DeskView(
        now=context.now,
        mode=Mode.IDLE,
        seat=replace(_seat(seat, tab, words, context.now), own_phone=(number or "")[-TAIL:]),
        breaks=[(reason.value, words.gettext(said), icon) for reason, (said, icon) in BREAKS.items()],
        queues=_queues(await desk_reads.queues_of(session, agent_id), known, words, context.now),
        cases=_cases(await desk_reads.open_cases(session, agent_id), known, words, context),
        unread=_unread(await unread_notices(session, agent_id, about), known, words) if about else [],
    )
    if hand is None:
        outgoing = call_out([_shop(shop) for shop in known.values()], await first_numbers(session))
        return replace(base, today=await _today(session, context, words), callout=outgoing)
    return await _with_call(session, context, base, hand, known)


async def _today(session: AsyncSession, context: Context, words: Words) -> TodayPart:
    midnight = context.now.astimezone(context.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    calls, talk_ms, wrapup_ms = await desk_reads.calls_since(session, context.account_id, midnight)
    return TodayPart(
        calls=words.number(calls),
        talked=words.duration(talk_ms // 1000),
        wrapup_each=words.duration(wrapup_ms // calls // 1000 if calls else None),
    )


async def _with_call(
    session: AsyncSession,
    context: Context,
    base: DeskView,
    hand: InHand,
    known: dict[UUID, Tenant],
) -> DeskView:
    words, interaction = words_for(context.locale), hand.interaction
    shop = known[interaction.tenant_id]
    mode = mode_of(hand)
    talk = await talk_of(session, facts_of(interaction, hand.call, shop))
    steps = _steps(talk, interaction.captured or {}, words)
    fields = [field for step in steps for field in step.fields]
    caller = await desk_reads.shopper_name(session, interaction)
    phrase, phrase_id = await _phrase(session, hand, shop, context.now)
    tells = shop.tells_agent_when_supervised
    events = known_events(await events_of(session, interaction), context, tells_agents=tells)
    names = await names_of(session, interaction, events, context)
    view = replace(
        base,
        mode=mode,
        shop=_shop(shop),
        call=replace(call_part(hand, mode, words, context.now), not_reached=not_reached(events, words)),
        phrase=phrase,
        phrase_id=phrase_id,
        steps=steps,
        filled=sum(1 for field in fields if field.value),
        fields=len(fields),
        notes=interaction.notes or "",
        timeline=event_lines(events, names, words, context),
        shopper=shopper_part(caller, hand.call.from_number),
        earlier=earlier_lines(await desk_reads.earlier(session, interaction), words, context),
        colleague=_colleague(hand, names, context),
        is_asked=hand.is_asked,
    )
    if mode in IN_CALL:
        return await _with_company(session, context, view, hand, consult_part(events, names, words, context))
    if mode is Mode.WRAPUP:
        return await _with_reasons(session, context, view, interaction, words)
    return await _with_shop_before(session, context, view, known)


async def _with_company(
    session: AsyncSession, context: Context, view: DeskView, hand: InHand, consult: ConsultPart | None
) -> DeskView:
    """Whom the agent may ask, and who is being asked."""
    words, tenant_id = words_for(context.locale), hand.interaction.tenant_id
    run = await desk_reads.latest_run(session, hand.interaction)
    attempts = await desk_reads.attempts_of(session, run) if run else []
    is_taped = hand.call.recording is not None
    return replace(
        view,
        taping=taping_of(hand.call, await last_switch(session, hand.call)) if is_taped else Taping.NOTHING,
        contacts=contact_choices(await contacts_to_call(session, tenant_id)),
        desks=await desks_to_ask(session, tenant_id, context.account_id, now=context.now),
        escalation=escalation_part(run, attempts, words, context.now) if run else None,
        consult=consult,
        limits=limit_lines(await limits_for(session, tenant_id, hand.call.desk_id), words),
        company=await company_of(session, hand.call, words=words, now=context.now),
    )


async def _with_reasons(
    session: AsyncSession, context: Context, view: DeskView, interaction: Interaction, words: Words
) -> DeskView:
    """What the after-call work asks for; whoever has the call now says why it was, others may add a note."""
    found = [] if view.colleague else await reasons_of(session, [interaction.tenant_id])
    reasons = [
        (str(reason.id), reason.label_ja if words.locale == "ja" else reason.label_en)
        for reason in found
        if reason.retired_at is None
    ]
    added = await additions_of(session, interaction) if view.colleague else []
    return replace(
        view,
        reasons=reasons,
        reason_id=str(interaction.reason_id or ""),
        addition=next((one.text for one in added if one.agent_id == context.account_id), ""),
    )


async def _with_shop_before(
    session: AsyncSession, context: Context, view: DeskView, known: dict[UUID, Tenant]
) -> DeskView:
    """While it rings: of which other shop the call before was, so that nobody says that name."""
    if view.mode is not Mode.RINGING or view.shop is None:
        return view
    before = await shop_before(session, context.account_id)
    is_other = before is not None and before != view.shop.tenant_id and before in known
    return replace(view, came_from=_shop(known[before]) if before and is_other else None)


def _colleague(hand: InHand, names: Mapping[UUID, str], context: Context) -> str:
    """Who has the caller, or had the caller last, when that is not the one who looks."""
    holder = hand.interaction.agent_id
    if hand.engagement is None and not hand.is_asked:
        return ""
    return names.get(holder, "") if holder and holder != context.account_id else ""


async def _phrase(
    session: AsyncSession, hand: InHand, shop: Tenant, now: datetime
) -> tuple[str, UUID | None]:
    """The phrase that was shown when the call was taken; before that, the one that fits by now."""
    if hand.phrase_id is not None:
        shown = await session.get(AnswerPhrase, (shop.tenant_id, hand.phrase_id))
        return (shown.text, shown.id) if shown else ("", None)
    at = hand.engagement.started_at if hand.engagement else now
    chosen = phrase_for(
        await phrases_of(session, shop.tenant_id, hand.call.desk_id),
        _situation(hand, at), at, ZoneInfo(shop.zone),
    )  # fmt: skip
    return (chosen.text, chosen.id) if chosen else ("", None)


def _situation(hand: InHand, at: datetime) -> Situation:
    if is_ours(hand):
        return Situation.CALLING
    if hand.is_asked or (hand.engagement and hand.engagement.role is EngagementRole.CONSULT):
        return Situation.AFTER_WAIT  # the caller has been on hold
    since = hand.enqueued_at or hand.interaction.queued_at or hand.call.started_at
    return situation_after(at - since)


def _shop(shop: Tenant) -> ShopPart:
    return ShopPart(
        tenant_id=shop.tenant_id, name=shop.brand_name, reading=shop.brand_reading, locale=shop.locale,
        colour=shop.colour,
        logo_url=f"/brand/{shop.tenant_id}/logo?v={shop.logo_file_id}" if shop.logo_file_id else "",
    )  # fmt: skip


def _may_read_about(hand: InHand | None, known: Mapping[UUID, Tenant]) -> frozenset[UUID]:
    """Shops whose notices can be read now: all, or the one that rings or is wrapped up; none in a call."""
    if hand is None:
        return frozenset(known)
    return frozenset() if mode_of(hand) in IN_CALL else frozenset([hand.interaction.tenant_id])


def _unread(notices: Sequence[ArticleVersion], known: dict[UUID, Tenant], words: Words) -> list[UnreadPart]:
    return [
        UnreadPart(
            shop=_shop(known[one.tenant_id]),
            article_id=one.article_id,
            title=one.title,
            html=to_html(one.body),
            at=words.moment(one.published_at, known[one.tenant_id].zone),
        )
        for one in notices
    ]


def _seat(seat: Seat | None, tab: str, words: Words, now: datetime) -> SeatPart:
    if seat is None:
        return SeatPart(
            state=Presence.OFFLINE.value, label=words.gettext(PRESENCE[Presence.OFFLINE]), timer=None,
            holder=Holder.FREE if tab else Holder.UNKNOWN, may_choose=True,
        )  # fmt: skip
    out = seat.reason if seat.state is Presence.NOT_READY else None
    trouble = NOT_READY[NotReadyReason(out)] if out else None
    label = PRESENCE[seat.state]
    if seat.state is Presence.BREAK and seat.reason:
        label = BREAKS[BreakReason(seat.reason)][0]
    return SeatPart(
        state=seat.state.value,
        label=words.gettext(label),
        timer=None if seat.state is Presence.OFFLINE else running(seat.since, now, words),
        holder=_holder(seat, tab, now),
        may_choose=seat.state in CHOSEN_FROM,
        by_phone=seat.by_phone,
        trouble=(words.gettext(trouble[0]), words.gettext(trouble[1])) if trouble else None,
    )


def _holder(seat: Seat, tab: str, now: datetime) -> Holder:
    if not tab:
        return Holder.UNKNOWN
    if seat.tab == tab:
        return Holder.MINE
    return Holder.OTHER if is_heard(seat, now=now) else Holder.FREE


def _steps(talk: TalkNow | None, captured: dict[str, str], words: Words) -> list[StepPart]:
    """The way that was gone and the one ahead, as the captured values stand."""
    if talk is None:
        return []
    way = talk.way(captured)
    found = [talk.shown(key, captured, words.locale) for key in way]
    now = talk.trail[-1] if talk.trail else next(iter(way), "")
    problems = {key: words.gettext(read.problem) for key, read in talk.read(captured).items() if read.problem}
    return [
        replace(_step(step, captured, problems), is_now=step.key == now, is_read=step.key in talk.read_out)
        for step in found
        if step
    ]


def _step(step: StepShown, captured: dict[str, str], problems: Mapping[str, str]) -> StepPart:
    return StepPart(
        key=step.key,
        title=step.title,
        say=step.said,
        hint=step.hint,
        is_locked=step.kind is StepKind.CANCELLATION,
        is_closed=step.is_closed,
        why=step.why,
        duties=step.duties,
        fields=tuple(
            FieldPart(
                key=field.key, label=field.label, kind=field.kind, required=field.required,
                choices=field.choices, value=captured.get(field.key, ""),
                problem=problems.get(field.key, ""),
            )
            for field in step.fields
        ),
    )  # fmt: skip


def _queues(
    rows: Sequence[QueueRow], known: dict[UUID, Tenant], words: Words, now: datetime
) -> list[QueueLine]:
    return [
        QueueLine(
            shop=_shop(known[row.tenant_id]),
            desk_name=row.desk_name,
            waiting=row.waiting,
            timer=running(row.since, now, words) if row.since else None,
        )
        for row in rows
    ]


def _cases(
    rows: Sequence[OpenCase], known: dict[UUID, Tenant], words: Words, context: Context
) -> list[CaseLine]:
    return [
        CaseLine(
            shop=_shop(known[row.case.tenant_id]),
            href=_where(row),
            number=str(row.case.number),
            subject=row.case.subject,
            due=words.ago(row.case.due_at, context.now) if row.case.due_at else "",
            is_late=row.case.due_at is not None and row.case.due_at < context.now,
        )
        for row in rows
    ]


def _where(row: OpenCase) -> str:
    """Where a case is worked on; empty for one without any interaction yet."""
    if row.inquiry_id:
        return f"/inquiries/{row.case.tenant_id}/{row.inquiry_id}"
    if row.has_mail:
        return f"/mail/{row.case.tenant_id}/{row.case.id}"
    return f"/interactions/{row.case.tenant_id}/{row.interaction_id}" if row.interaction_id else ""
