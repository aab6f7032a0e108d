"""What the page of sendings shows of each shop, and the form of its plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wtforms import BooleanField
from wtforms.validators import NumberRange, ValidationError

from mailroom.values import SendState
from nanori.text import mail_address
from nanori.web.forms import Form, LongTextField, NumberField
from nanori.words import N_, Words
from reports.delivery.models import ReportApproval, ReportPlan
from reports.delivery.planning import MOST_RECIPIENTS, Wanted
from reports.delivery.queries import Sent
from reports.models import MonthReport
from reports.values import ReportState, month_text
from tenants.models import Tenant

STATES = {
    SendState.QUEUED: (N_("Waiting to be sent"), ""),
    SendState.SENDING: (N_("Waiting to be sent"), ""),
    SendState.SENT: (N_("Sent"), "good"),
    SendState.MAYBE_SENT: (N_("Perhaps sent"), "warn"),
    SendState.FAILED: (N_("Not sent"), "bad"),
}
USUAL_DAY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    recipient: str
    state: str
    kind: str
    when: str
    seq: int
    opened: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingRow:
    tenant_id: UUID
    brand: str
    logo_url: str
    pdf: str
    is_ready: bool
    approved: str  # when; "" for not, or for another version
    letters: Sequence[LetterView]
    is_sent: bool  # this very version
    plan: str

    @property
    def may_send(self) -> bool:
        return self.is_ready


def sending_row(
    shop: Tenant,
    report: MonthReport | None,
    letters: Sequence[Sent],
    approvals: Mapping[UUID, ReportApproval],
    plan: ReportPlan | None,
    words: Words,
) -> SendingRow:
    ready = report is not None and report.state is ReportState.READY and report.pdf_file_id is not None
    file_id = report.pdf_file_id if report and ready else None
    approval = approvals.get(file_id) if file_id else None
    return SendingRow(
        tenant_id=shop.tenant_id,
        brand=shop.brand_name,
        logo_url=f"/brand/{shop.tenant_id}/logo?v={shop.logo_file_id}" if shop.logo_file_id else "",
        pdf=f"/reports/{shop.tenant_id}/{month_text(report.month)}/report.pdf" if report and ready else "",
        is_ready=ready,
        approved=words.moment(approval.at, shop.zone) if approval else "",
        letters=[_letter(one, shop, words) for one in letters],
        is_sent=any(one.letter.file_id == file_id for one in letters),
        plan=_plan(plan, words),
    )


class PlanForm(Form):
    day = NumberField(N_("Made on this day of the month after"), [NumberRange(min=1, max=28)])
    recipients = LongTextField(N_("Goes to these mail addresses, one a line"))
    encloses = BooleanField(N_("With the PDF enclosed; otherwise with a link that asks to sign in"))
    unasked = BooleanField(N_("Sent without a supervisor's approval"))

    def fill(self, plan: ReportPlan | None, recipients: Sequence[str]) -> None:
        self.day.data = plan.day if plan else USUAL_DAY
        self.recipients.data = "\n".join(recipients)
        self.encloses.data = plan is not None and plan.encloses
        self.unasked.data = plan is not None and plan.unasked

    def validate_recipients(self, field: Any) -> None:
        lines = _lines(field.data)
        if not lines:
            raise ValidationError(self.words.gettext(N_("Please name somebody.")))
        if len(lines) > MOST_RECIPIENTS:
            said = N_("At most {n} addresses, please.")
            raise ValidationError(self.words.gettext(said, n=MOST_RECIPIENTS))
        for line in lines:
            try:
                mail_address(line)
            except ValueError as wrong:
                said = N_("“{address}” is not a mail address.")
                raise ValidationError(self.words.gettext(said, address=line)) from wrong

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            day=self.day.data or USUAL_DAY,
            encloses=bool(self.encloses.data),
            unasked=bool(self.unasked.data),
            recipients=tuple(dict.fromkeys(mail_address(line) for line in _lines(self.recipients.data))),
        )


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _letter(one: Sent, shop: Tenant, words: Words) -> LetterView:
    said, kind = STATES[one.state]
    opened = one.letter.opened_at
    return LetterView(
        recipient=one.letter.recipient,
        state=words.gettext(said),
        kind=kind,
        when=words.moment(one.sent_at or one.letter.queued_at, shop.zone),
        seq=one.letter.seq,
        opened=words.moment(opened, shop.zone) if opened else "",
    )


def _plan(plan: ReportPlan | None, words: Words) -> str:
    if plan is None:
        return words.gettext(N_("No plan"))
    if plan.unasked:
        return words.gettext(N_("Day {day}, by itself"), day=plan.day)
    return words.gettext(N_("Day {day}, after approval"), day=plan.day)
