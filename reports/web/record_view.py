"""A figure and the calls and mails behind it, as the pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from interactions.values import Outcome
from interactions.wording import OUTCOMES
from nanori.words import DASH, N_, Words
from reports.closing.queries import RecordLine
from reports.figures import Figure
from reports.paper.codes import CODES
from reports.paper.definitions import DEFINITIONS
from reports.paper.wording import Wording
from reports.web.month_view import name_of
from tenants.models import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """``code`` and ``says`` are empty for what is listed apart."""

    code: str
    key: str
    name: str
    says: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    number: int
    href: str  # in the log; "" for who may not look into it
    is_mail: bool
    at: str
    outcome: str
    reason: str
    answered: str
    talked: str
    worked: str  # talk, hold and after-call work
    is_counted: bool  # above the line, where there is one
    part_of: int | None  # the number of the mail whose second question it is
    joined_with: int | None  # the number of the mail that began the matter, in a case joined with its own
    took: Sequence[str]  # a settled matter's time: in all, with us, with the shop, with the shopper


def figure_line(key: str, figure: Figure | None, words: Words) -> FigureLine:
    """A figure with its definition; a dash where the month has not been counted."""
    wording, known = Wording(words), DEFINITIONS.get(key)
    return FigureLine(
        code=CODES.get(key, ""),
        key=key,
        name=name_of(key, words),
        says=words.gettext(known.says) if known else "",
        value=wording.figure(figure) if figure else DASH,
        origin=wording.origin(figure) if figure else "",
    )


def record_view(one: RecordLine, ids: Mapping[int, UUID], shop: Tenant, words: Words) -> RecordView:
    wording, found = Wording(words), ids.get(one.number)
    worked = one.talk_ms + one.hold_ms + one.acw_ms
    return RecordView(
        number=one.number,
        href=f"/interactions/{shop.tenant_id}/{found}" if found else "",
        is_mail=one.is_mail,
        at=words.moment(one.at, shop.zone),
        outcome=words.gettext(OUTCOMES[Outcome(one.outcome)]) if one.outcome else words.gettext(N_("Open")),
        reason=one.reason,
        answered=words.moment(one.answered_at, shop.zone) if one.answered_at else "",
        talked=wording.duration(one.talk_ms) if one.talk_ms else "",
        worked=wording.duration(worked) if worked else "",
        is_counted=one.above,
        part_of=one.part_of,
        joined_with=one.joined_with,
        took=[wording.duration(ms) if ms else "" for ms in (sum(one.took), *one.took)] if one.took else (),
    )
