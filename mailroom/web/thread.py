"""A case as one thread: its mails and calls and those of cases that go on in it, joins and splits between."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Case
from interactions.values import Direction as CallDirection
from interactions.wording import outcome_in
from mailroom import matters, queries
from mailroom.matters import CallOfCase, JoinedCase, Split
from mailroom.queries import MailOfCase
from mailroom.surveys.models import Survey
from mailroom.surveys.values import SCALES
from mailroom.surveys.wording import SHORT
from mailroom.web.view import MailView, thread_view
from nanori.context import Context
from nanori.installation import Installation
from nanori.words import N_, Words, words_for
from tenants.models import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a thread is drawn from, in four reads whatever is joined."""

    case: Case
    mails: Sequence[MailOfCase]
    calls: Sequence[CallOfCase]
    joined: Sequence[JoinedCase]
    splits: Sequence[Split]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """A line between the mails: a call, or a case that was joined here."""

    kind: str  # "call", "join"
    icon: str
    said: str
    at: str
    by: str
    text: str = ""
    href: str = ""
    undo: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Either a mail or a note."""

    mail: MailView | None = None
    note: NoteView | None = None


async def thread_parts(session: AsyncSession, case: Case) -> Parts:
    mails = await queries.thread_of(session, case)
    return Parts(
        case=case,
        mails=mails,
        calls=await matters.calls_of(session, case),
        joined=await matters.joined_cases(session, case),
        splits=await matters.splits_of(session, mails),
    )


def whole_thread(
    parts: Parts, shop: Tenant, context: Context, house: Installation, survey: Survey | None = None
) -> list[Entry]:
    """Everything in the order of time, the shopper's score too. A copy beside its own mail is left out."""
    words, zone = words_for(context.locale), ZoneInfo(shop.zone)
    ids = {one.message.id for one in parts.mails}
    shown = [one for one in parts.mails if one.message.copy_of not in ids]
    found: list[tuple[datetime, Entry]] = [
        (one.message.at, Entry(mail=_with_links(view, one, parts, words)))
        for one, view in zip(shown, thread_view(shown, shop, context, house), strict=True)
    ]
    found += [(one.call.arrived_at, Entry(note=_call(one, parts, words, zone))) for one in parts.calls]
    if survey is not None:
        found.append((survey.answered_at or survey.asked_at, Entry(note=_survey(survey, words, zone))))
    if parts.case.joined_to is None:
        found += [(one.join.joined_at, Entry(note=_join(one, words, zone))) for one in parts.joined]
    return [entry for _, entry in sorted(found, key=lambda one: one[0])]


def joined_note(parts: Parts, head: Case | None, shop: Tenant, context: Context) -> NoteView | None:
    """Where a joined case goes on, and why; None while it stands."""
    own = next((one for one in parts.joined if one.case.id == parts.case.id), None)
    if head is None or own is None:
        return None
    words = words_for(context.locale)
    return NoteView(
        kind="join", icon="merge", at=words.moment(own.join.joined_at, shop.zone), by=own.by,
        said=words.gettext(N_("This case goes on in No. {number}."), number=head.number),
        text=own.join.reason, href=f"/mail/{head.tenant_id}/{head.id}", undo=_undoing(own),
    )  # fmt: skip


def _with_links(view: MailView, mail: MailOfCase, parts: Parts, words: Words) -> MailView:
    numbers = _numbers(parts)
    links = []
    for split in parts.splits:
        if split.mail_id == mail.message.id:
            said = words.gettext(N_("Second question: No. {number}"), number=split.copy_case.number)
            links.append((_of(split.copy_case), said))
        elif split.copy_id == mail.message.id:
            said = words.gettext(N_("Split off from No. {number}"), number=split.mail_case.number)
            links.append((_of(split.mail_case), said))
    return replace(
        view,
        number=numbers.get(mail.message.case_id, ""),
        links=links,
        may_split=not view.ours and not view.automatic and parts.case.joined_to is None,
    )


def _call(one: CallOfCase, parts: Parts, words: Words, zone: ZoneInfo) -> NoteView:
    call = one.call
    is_ours = call.direction is CallDirection.OUTBOUND
    said = words.gettext(N_("Call to the shopper") if is_ours else N_("Call of the shopper"))
    number = _numbers(parts).get(call.case_id, "") if call.case_id else ""
    return NoteView(
        kind="call", icon="phone-outgoing" if is_ours else "phone-incoming",
        said=" · ".join(part for part in (said, outcome_in(words, call.outcome), number) if part),
        at=words.moment(call.arrived_at, zone), by=one.agent, text=call.notes,
        href=f"/interactions/{call.tenant_id}/{call.id}",
    )  # fmt: skip


def _survey(one: Survey, words: Words, zone: ZoneInfo) -> NoteView:
    scale = {"kind": words.gettext(SHORT[one.kind]), "most": SCALES[one.kind].most}
    said = (
        words.gettext(N_("{kind}: the shopper was asked and has not answered"), **scale)
        if one.score is None
        else words.gettext(N_("{kind}: {score} of {most} from the shopper"), score=one.score, **scale)
    )
    return NoteView(
        kind="survey", icon="star", said=said, at=words.moment(one.answered_at or one.asked_at, zone), by="",
        text=one.comment, href=f"/interactions/{one.tenant_id}/{one.interaction_id}",
    )  # fmt: skip


def _join(one: JoinedCase, words: Words, zone: ZoneInfo) -> NoteView:
    said = words.gettext(N_("No. {number} was joined here"), number=one.case.number)
    return NoteView(
        kind="join", icon="merge", said=f"{said}: {one.case.subject}" if one.case.subject else said,
        at=words.moment(one.join.joined_at, zone), by=one.by, text=one.join.reason, href=_of(one.case),
        undo=_undoing(one),
    )  # fmt: skip


def _numbers(parts: Parts) -> dict[UUID, str]:
    return {one.case.id: f"No. {one.case.number}" for one in parts.joined if one.case.id != parts.case.id}


def _undoing(one: JoinedCase) -> str:
    return f"/mail/{one.join.tenant_id}/joins/{one.join.id}/undoing"


def _of(case: Case) -> str:
    return f"/mail/{case.tenant_id}/{case.id}"
