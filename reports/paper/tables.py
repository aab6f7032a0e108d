"""Rows of the report's tables: every cell a finished piece of text."""

from collections.abc import Sequence
from dataclasses import dataclass

from nanori.words import DASH, N_
from reports.figures import Figure
from reports.month import MonthFigures, ReasonRow, compare
from reports.paper.codes import CODES
from reports.paper.definitions import APART_NAMES, DEFINITIONS, SERVICE_LEVEL_FORMULAS
from reports.paper.drawings import SHOWN_REASONS
from reports.paper.sentences import Story
from reports.resolutions import RESOLUTION_KEYS
from reports.tally import Tally
from tenants.values import ServiceLevelLetter

_SATURDAY = 5
_BANDS = ((0, 6), (6, 12), (12, 18), (18, 24))

PHONE_KEYS = (
    "offered", "answered", "abandoned", "abandoned_short", "lost_otherwise",
    "answer_rate", "abandon_rate", "abandon_rate_without_short", "service_level", "service_level_second",
    "callers_in_weak_intervals",
    "speed_of_answer", "wait_median", "wait_p90", "wait_longest", "time_to_abandon",
    "talk_time", "hold_time", "hold_time_when_held", "after_call_work", "handling_time",
    "follow_up_handling_time",
    "callbacks_asked", "callback_rate",
    "transfer_rate", "agent_no_answer", "greeting_accuracy",
)  # fmt: skip
CHECKED_KEYS = (
    "calls_checked", "name_right", "no_customer_error", "no_business_error", "no_compliance_error",
)  # fmt: skip
CONTACT_KEYS = ("self_completed", "escalation_rate")
AGAIN_KEYS = ("repeat_contact_rate", "first_contact_resolution")
MAIL_KEYS = (
    "mail_received", "mail_replied", "mail_no_action", "mail_first_response", "mail_first_response_median",
    "mail_turnaround", "mail_within_target", "mail_same_day", "touches_per_case", "reopen_rate",
    *RESOLUTION_KEYS, "mails_per_hour", "mail_backlog",
)  # fmt: skip
VOICE_KEYS = (
    "survey_asked",
    "survey_answered",
    "survey_response_rate",
    "score_csat",
    "score_nps",
    "score_ces",
)
HEADLINE_KEYS = ("offered", "answer_rate", "service_level", "mail_within_target", "self_completed")
_AGE_NAMES = (N_("up to 1 day"), N_("up to 3 days"), N_("up to 7 days"), N_("more than 7 days"))


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure beside the month before; ``origin`` are the sums it is made of."""

    key: str
    name: str
    letter: str
    value: str
    before: str
    change: str
    origin: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of plain cells; ``is_quiet`` greys it (weekends), ``is_total`` sets it off."""

    cells: tuple[str, ...]
    is_quiet: bool = False
    is_total: bool = False


def figure_rows(story: Story, keys: Sequence[str]) -> tuple[FigureRow, ...]:
    """The figures of these keys that the month has; a second service level is there by contract only."""
    known = {figure.key for figure in story.month.figures}
    return tuple(figure_row(story, key) for key in keys if key in known)


def figure_row(story: Story, key: str) -> FigureRow:
    beside = compare(story.month, _comparable(story, key), key)
    wording = story.wording
    return FigureRow(
        key=key,
        name=figure_name(story, beside.now),
        letter=beside.now.formula,
        value=wording.figure(beside.now),
        before=wording.before(beside),
        change=wording.change(beside),
        origin=wording.origin(beside.now),
    )


def figure_name(story: Story, figure: Figure) -> str:
    name = story.wording.words.gettext(DEFINITIONS[figure.key].name)
    if not figure.formula:
        return name
    return story.wording.words.gettext(
        "{name} within {seconds} s", name=name, seconds=story.month.terms.answer_within_s
    )


def daily_lines(story: Story) -> tuple[Line, ...]:
    month = story.month
    rows = [
        Line(
            (
                story.wording.words.day(day),
                *_calls(story, calls),
                *_beside(story, calls, month.mails_by_day[day]),
            ),
            is_quiet=day.weekday() >= _SATURDAY,
        )
        for day, calls in month.days.items()
    ]
    mails = sum(month.mails_by_day.values())
    whole = (story.wording.words.gettext("Month in all"), *_calls(story, month.total))
    return (*rows, Line((*whole, *_beside(story, month.total, mails)), is_total=True))


def hourly_lines(story: Story) -> tuple[Line, ...]:
    """Hours in which a call was offered; the hour is that of arrival."""
    hours = {hour: calls for hour, calls in sorted(story.month.hours.items()) if calls.offered}
    rows = [Line((f"{hour:02}:00–{hour + 1:02}:00", *_calls(story, calls))) for hour, calls in hours.items()]
    whole = (story.wording.words.gettext("Month in all"), *_calls(story, story.month.total))
    return (*rows, Line(whole, is_total=True))


@dataclass(frozen=True, slots=True)
class ReasonLine:
    name: str
    picture: str
    calls: str
    mails: str
    contacts: str
    escalated: str
    was: str  # contacts in the month before


def reason_lines(story: Story) -> tuple[ReasonLine, ...]:
    """The most frequent reasons; whatever is beyond the shown ones is summed in one last row."""
    words, rows = story.wording.words, story.month.reasons
    lines = [
        _reason_line(story, row.reason or words.gettext("No reason noted"), f"reason-{n}.svg", [row])
        for n, row in enumerate(rows[:SHOWN_REASONS])
    ]
    rest = rows[SHOWN_REASONS:]
    if rest:
        name = words.ngettext("{n} more reason", "{n} more reasons", len(rest))
        lines.append(_reason_line(story, name, "", rest))
    return tuple(lines)


def _reason_line(story: Story, name: str, picture: str, rows: Sequence[ReasonRow]) -> ReasonLine:
    number = story.wording.words.number
    return ReasonLine(
        name=name,
        picture=picture,
        calls=number(sum(row.calls for row in rows)),
        mails=number(sum(row.mails for row in rows)),
        contacts=number(sum(row.contacts for row in rows)),
        escalated=number(sum(row.escalated for row in rows)),
        was=_was(story, [row.reason for row in rows]),
    )


def _was(story: Story, reasons: Sequence[str | None]) -> str:
    """Contacts of these reasons in the month before; a dash where that month is not known."""
    if story.before is None:
        return DASH
    return story.wording.words.number(
        sum(row.contacts for row in story.before.reasons if row.reason in reasons)
    )


def out_of_hours_lines(story: Story) -> tuple[Line, ...]:
    """Weekday by quarter of the day, with sums both ways."""
    words, calls = story.wording.words, story.month.out_of_hours
    rows = []
    for weekday in range(7):
        bands = [sum(calls.get((weekday, hour), 0) for hour in range(*band)) for band in _BANDS]
        cells = (words.weekday(weekday, wide=True), *(words.number(n) for n in (*bands, sum(bands))))
        rows.append(Line(cells, is_quiet=weekday >= _SATURDAY))
    sums = [sum(n for (_, hour), n in calls.items() if hour in range(*band)) for band in _BANDS]
    total = (words.gettext("Month in all"), *(words.number(n) for n in (*sums, sum(sums))))
    return (*rows, Line(total, is_total=True))


def band_names() -> tuple[str, ...]:
    return tuple(f"{start}–{end}" for start, end in _BANDS)


def apart_lines(story: Story) -> tuple[Line, ...]:
    """How all calls to the number come to be the offered ones plus those that are listed apart."""
    words, month = story.wording.words, story.month
    counted_in = month.terms.out_of_hours_count_as_offered
    found = [(key, month.figure(key).numerator) for key in APART_NAMES if key != "apart_outbound"]
    rows = [(DEFINITIONS["offered"].name, month.total.offered)]
    rows += [
        (APART_NAMES[key], number)
        for key, number in found
        if number and not (counted_in and key == "apart_out_of_hours")
    ]
    lines = [Line((words.gettext(name), words.number(number))) for name, number in rows]
    everything = DEFINITIONS["calls_inbound"].name
    total = words.gettext(everything)
    return (*lines, Line((total, words.number(sum(number for _, number in rows))), is_total=True))


def backlog_lines(story: Story) -> tuple[Line, ...]:
    words = story.wording.words
    return tuple(
        Line((words.gettext(name), words.number(mails)))
        for name, mails in zip(_AGE_NAMES, story.month.backlog_ages, strict=True)
    )


def letter_lines(story: Story) -> tuple[Line, ...]:
    """The service level by all six formulas; the contract's own is set off."""
    wording, terms = story.wording, story.month.terms
    levels = [story.month.total.service_level(terms, letter) for letter in ServiceLevelLetter]
    return tuple(
        Line(
            (
                level.formula,
                SERVICE_LEVEL_FORMULAS[level.formula],
                wording.figure(level),
                wording.origin(level),
            ),
            is_total=level.formula == terms.service_level.value,
        )
        for level in levels
    )


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    code: str
    name: str
    formula: str
    says: str


def definition_lines(story: Story) -> tuple[DefinitionLine, ...]:
    words = story.wording.words
    figures = {figure.key: figure for figure in story.month.figures}
    return tuple(
        DefinitionLine(
            code=CODES[key],
            name=words.gettext(definition.name),
            formula=_formula(figures[key]),
            says=words.gettext(definition.says),
        )
        for key, definition in DEFINITIONS.items()
        if key in figures
    )


def _formula(figure: Figure) -> str:
    if figure.formula:
        return f"{figure.formula}: {SERVICE_LEVEL_FORMULAS[figure.formula]}"
    return DEFINITIONS[figure.key].formula


def _comparable(story: Story, key: str) -> MonthFigures | None:
    """The month before, where it counted alike: another formula letter or time may not stand beside."""
    before = story.before
    if before is None or key not in {figure.key for figure in before.figures}:
        return None
    same_letter = before.figure(key).formula == story.month.figure(key).formula
    same_terms = before.terms == story.month.terms or not story.month.figure(key).formula
    return before if same_letter and same_terms else None


def _calls(story: Story, calls: Tally) -> tuple[str, ...]:
    wording, words = story.wording, story.wording.words
    return (
        words.number(calls.offered),
        words.number(calls.answered),
        words.number(calls.lost),
        wording.figure(calls.answer_rate()),
        wording.figure(calls.service_level(story.month.terms)),
        wording.figure(calls.speed_of_answer()),
        wording.figure(calls.handling_time()),
    )


def _beside(story: Story, calls: Tally, mails: int) -> tuple[str, str]:
    words = story.wording.words
    return words.number(calls.out_of_hours), words.number(mails)
