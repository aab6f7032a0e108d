"""What is typed of a season, and the plan that it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from wtforms import BooleanField, DateField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from desks.planning import Place, Plan
from desks.values import LEVELS, Outside
from nanori.identity.models import Account
from nanori.web.forms import AtMost, Between, Form, LongTextField, NumberField, Posted, TextField
from nanori.words import N_, Words
from tenants.commands import SpecialDate
from tenants.hours import Span
from tenants.models import SpecialDay
from tenants.web.rows import DayRow, SpecialRow, posted_special_days, posted_week, special_rows, week_rows

LONGEST = 200
MOST_NUMBERS = 20


class SeasonForm(Form):
    """Everything but the hours and the people."""

    name = TextField(
        N_("Name of the desk"), [DataRequired(), AtMost(40)],
        description=N_("As agents and reports call it, for example “Mother's Day desk”."),
    )  # fmt: skip
    opens_on = DateField(N_("First day"), [DataRequired()])
    closes_on = DateField(N_("Last day"), [DataRequired()])
    wanted_numbers = NumberField(N_("New numbers from the pool"), [InputRequired(), Between(0, MOST_NUMBERS)])
    wanted_lines = SelectMultipleField(
        N_("The shop's own numbers and addresses"), option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        description=N_("They lead to this desk for these dates only, and to where they did afterwards."),
    )  # fmt: skip
    greeting = LongTextField(
        N_("What callers hear first"), [AtMost(LONGEST)], description=N_("Empty: the shop's own phrase.")
    )
    before_message = LongTextField(
        N_("Before the first day"), [AtMost(LONGEST)], description=N_("Empty: we word it, with the date.")
    )
    after_message = LongTextField(
        N_("After the last day"), [AtMost(LONGEST)], description=N_("Empty: we word it, with the date.")
    )
    outside = RadioField(N_("Then, on a number from the pool"), default=Outside.ANNOUNCE.value)
    busy_calls = NumberField(N_("Calls in the busiest half hour"), [InputRequired(), Between(0, 2000)])
    handling_seconds = NumberField(
        N_("Seconds for one call, after-call work included"), [InputRequired(), Between(10, 3600)]
    )
    ramp_days = NumberField(N_("Days until the calls have grown to that"), [InputRequired(), Between(0, 60)])
    own_hours = BooleanField(N_("Hours of its own instead of the shop's"))
    needs_certificate = BooleanField(N_("Only agents who have passed the shop's quiz get its calls"))

    def __init__(
        self,
        posted: Posted | None = None,
        *,
        words: Words,
        lines: Sequence[tuple[str, str]],
        **initial: object,
    ) -> None:
        super().__init__(posted, words=words, **initial)
        self.outside.choices = [SelectChoice(one.value, words.gettext(said)) for one, said in OUTSIDE.items()]
        self.wanted_lines.choices = [SelectChoice(line, label) for line, label in lines]


OUTSIDE: Mapping[Outside, str] = {
    Outside.ANNOUNCE: N_("they are told, and that is all"),
    Outside.FORWARD: N_("they are told, and put through to the shop's standing desk"),
}


@dataclass(slots=True)
class PersonRow:
    """One agent on the form."""

    agent_id: UUID
    name: str
    chosen: bool = False
    level: int = 1
    certified: bool = False


@dataclass(slots=True)
class Typed:
    """The whole form, as shown and as typed."""

    form: SeasonForm
    week: list[DayRow]
    special: list[SpecialRow]
    people: list[PersonRow]
    plan: Plan | None = None  # None: nothing was typed yet, or it cannot be read

    @property
    def chosen(self) -> list[PersonRow]:
        return [row for row in self.people if row.chosen]

    @property
    def is_wrong(self) -> bool:
        return bool(
            self.form.errors or any(row.error for row in self.week) or any(row.error for row in self.special)
        )


def shown(plan: Plan, agents: Sequence[Account], *, lines: Sequence[tuple[str, str]], words: Words) -> Typed:
    """A plan on its form."""
    kept = {name: getattr(plan, name) for name in PLAIN}
    form = SeasonForm(words=words, lines=lines, outside=plan.outside.value, **kept)
    form.wanted_lines.data = list(plan.wanted_lines)
    days = [row for day in plan.days for row in _as_rows(day)]
    return Typed(form, week_rows(plan.week), special_rows(days), _people(agents, plan.people))


PLAIN = (
    "name", "opens_on", "closes_on", "wanted_numbers", "greeting", "before_message", "after_message",
    "busy_calls", "handling_seconds", "ramp_days", "own_hours", "needs_certificate",
)  # fmt: skip


def posted(
    typed: Posted, agents: Sequence[Account], *, lines: Sequence[tuple[str, str]], words: Words
) -> Typed:
    """What was typed, with what is wrong beside each field; a plan when it can be read."""
    form = SeasonForm(typed, words=words, lines=lines)
    rows, week = posted_week(typed)
    special, days = posted_special_days(typed)
    people = _posted_people(typed, agents)
    found = Typed(form, rows, special, people)
    if not form.own_hours.data:
        for day in rows:
            day.error = ""
        for date_row in special:
            date_row.error = ""
    if form.validate() and not found.is_wrong:
        found.plan = _plan(found, week if form.own_hours.data else {}, days if form.own_hours.data else [])
    return found


def _plan(typed: Typed, week: Mapping[int, tuple[Span, ...]], days: Sequence[SpecialDate]) -> Plan:
    form = typed.form
    kept = {name: getattr(form, name).data for name in PLAIN}
    return Plan(
        **kept,
        outside=Outside(form.outside.data),
        wanted_lines=tuple(form.wanted_lines.data or ()),
        week={day: spans for day, spans in week.items() if spans},
        days=days,
        people={row.agent_id: Place(level=row.level, certified=row.certified) for row in typed.chosen},
    )


def _people(agents: Sequence[Account], places: Mapping[UUID, Place]) -> list[PersonRow]:
    rows = []
    for one in agents:
        place = places.get(one.id)
        level, certified = (place.level, place.certified) if place else (1, False)
        rows.append(PersonRow(one.id, one.name, place is not None, level, certified))
    return rows


def _posted_people(typed: Posted, agents: Sequence[Account]) -> list[PersonRow]:
    chosen, certified = set(typed.getall("agent", [])), set(typed.getall("certified", []))
    rows = []
    for one in agents:
        key = str(one.id)
        (level,) = typed.getall(f"level-{key}", ["1"])[:1]
        is_level = str(level) in {str(known) for known in LEVELS}
        rows.append(
            PersonRow(one.id, one.name, key in chosen, int(level) if is_level else 1, key in certified)
        )
    return rows


def _as_rows(day: SpecialDate) -> list[SpecialDay]:
    spans = day.spans or (None,)
    return [
        SpecialDay(
            on=day.on,
            label=day.label,
            opens=span.opens if span else None,
            closes=span.closes if span else None,
        )
        for span in spans
    ]
