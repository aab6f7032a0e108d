"""Closed months as the pages show them: plain words and addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from nanori.words import DASH, N_, Words
from reports.closing.commands import is_under_way
from reports.closing.models import ClosedMonth, MonthClose
from reports.closing.snapshot import REASON
from reports.closing.values import MonthState, following
from reports.figures import Figure, Unit
from reports.month import MonthFigures
from reports.paper.codes import CODES
from reports.paper.definitions import APART_NAMES, DEFINITIONS
from reports.paper.wording import Wording
from reports.values import month_text
from tenants.models import Tenant

Close = tuple[MonthClose, ClosedMonth | None]
GROUPS = (
    ("T", N_("Calls")),
    ("M", N_("Mails")),
    ("V", N_("What shoppers say")),
    ("K", N_("Calls and mails")),
    ("", N_("Calls listed apart")),
)
"""By the first letter of a figure's code; what has none is listed apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthView:
    """One shop's month. ``state``: a ``MonthState``, or ``running``, ``late`` and ``failed`` besides."""

    tenant_id: UUID
    brand: str
    logo_url: str
    month: str  # 2026-10
    month_said: str
    place: str  # its page
    state: str
    closed_said: str = ""
    records_said: str = ""
    edition: int = 0
    reason: str = ""
    failure: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether it can be closed now."""
        return self.state in {"open", "late", "failed", "reopened"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    key: str
    code: str
    name: str
    says: str
    value: str
    origin: str
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """What was frozen at one time; ``changes`` against the edition before."""

    number: int
    closed_said: str
    by: str
    reason: str
    content_hash: str
    formulas: int
    changes: Sequence[ChangeLine]


def month_view(shop: Tenant, month: date, close: Close | None, *, words: Words, now: datetime) -> MonthView:
    row, closed = close or (None, None)
    written = month_text(month)
    return MonthView(
        tenant_id=shop.tenant_id,
        brand=shop.brand_name,
        logo_url=f"/brand/{shop.tenant_id}/logo?v={shop.logo_file_id}" if shop.logo_file_id else "",
        month=written,
        month_said=words.month(month),
        place=f"/months/{shop.tenant_id}/{written}",
        state=_state(shop, month, row, now),
        closed_said=words.moment(closed.closed_at, shop.zone) if closed else "",
        records_said=words.number(closed.records) if closed else "",
        edition=closed.edition if closed else 0,
        reason=row.reason if row else "",
        failure=words.gettext(row.failure) if row and row.failure else "",
    )


def figure_groups(
    month: MonthFigures, changes: Sequence[Mapping[str, Any]], words: Words
) -> list[tuple[str, list[FigureLine]]]:
    """All figures with what they count, by channel."""
    wording, changed = Wording(words), {one["key"] for one in changes}
    lines = [_figure_line(figure, figure.key in changed, wording) for figure in month.figures]
    return [
        (words.gettext(name), found)
        for letter, name in GROUPS
        if (found := [one for one in lines if one.code[:1] == letter])
    ]


def edition_view(closed: ClosedMonth, names: Mapping[UUID, str], zone: ZoneInfo, words: Words) -> EditionView:
    return EditionView(
        number=closed.edition,
        closed_said=words.moment(closed.closed_at, zone.key),
        by=names.get(closed.closed_by, "") if closed.closed_by else "",
        reason=closed.reason,
        content_hash=closed.content_hash,
        formulas=closed.formulas,
        changes=[_change_line(one, words) for one in closed.changes],
    )


def name_of(key: str, words: Words) -> str:
    """What a figure is called."""
    if key in DEFINITIONS:
        return words.gettext(DEFINITIONS[key].name)
    return words.gettext(APART_NAMES.get(key, key))


def _state(shop: Tenant, month: date, close: MonthClose | None, now: datetime) -> str:
    if close is None or close.state is MonthState.OPEN:
        if following(month) > now.astimezone(ZoneInfo(shop.zone)).date():
            return "running"
        return "failed" if close is not None and close.failure else MonthState.OPEN.value
    if close.state is MonthState.CLOSING and not is_under_way(close, now):
        return "late"
    return close.state.value


def _figure_line(figure: Figure, changed: bool, wording: Wording) -> FigureLine:
    words = wording.words
    name = name_of(figure.key, words)
    letter = words.gettext("formula {letter}", letter=figure.formula) if figure.formula else ""
    known = DEFINITIONS.get(figure.key)
    return FigureLine(
        key=figure.key,
        code=CODES.get(figure.key, ""),
        name=f"{name} {letter}".strip(),
        says=words.gettext(known.says) if known else "",
        value=wording.figure(figure),
        origin=wording.origin(figure),
        changed=changed,
    )


def _change_line(change: Mapping[str, Any], words: Words) -> ChangeLine:
    if change["key"] == REASON:
        name = change["reason"] or words.gettext("No reason noted")
        return ChangeLine(
            name=name, old=_reason_said(change["old"], words), new=_reason_said(change["new"], words)
        )
    return ChangeLine(
        name=name_of(change["key"], words),
        old=_figure_said(change["old"], words),
        new=_figure_said(change["new"], words),
    )


def _reason_said(row: Mapping[str, Any] | None, words: Words) -> str:
    """A row of the table of reasons: calls and mails together, and how many were passed on."""
    if row is None:
        return DASH
    return words.ngettext(
        "{n} contact, {passed} passed on",
        "{n} contacts, {passed} passed on",
        row["calls"] + row["mails"],
        passed=words.number(row["escalated"]),
    )


def _figure_said(figure: Mapping[str, Any] | None, words: Words) -> str:
    if figure is None or figure["value"] is None:
        return DASH
    said = Wording(words).value(figure["value"], Unit(figure["unit"]))
    if not figure["denominator"] or figure["unit"] == Unit.MS:
        return said
    return f"{said} ({words.number(figure['numerator'])} / {words.number(figure['denominator'])})"
