"""A plan as it is typed: one row for each meter, rows for options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from uuid_utils.compat import uuid7
from wtforms import BooleanField, DateField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from billing.plans.checks import Problem, problems_of
from billing.plans.plan import Hours, MeterPrice, Option, Plan
from billing.plans.typed import read_tiers, tiers_as_text
from billing.plans.values import SECONDS_OF, Meter, Nature, TierMode
from billing.plans.wording import METERS
from nanori.text import clock_of_minutes, code_like, minutes_of_day
from nanori.web.forms import AtMost, Between, Form, NumberField, Posted, TextField, values_by_row
from nanori.words import N_, Words

MOST_YEN = 100_000_000
NATURES: Mapping[Nature, str] = {
    Nature.WRONG_NUMBER: N_("Wrong number"),
    Nature.SALES: N_("Sales call"),
    Nature.SILENT: N_("Silent call"),
    Nature.TEST: N_("Test call"),
    Nature.OUR_FAULT: N_("Caused by us"),
}
UNREADABLE = N_("Please write tiers like 41-80 450, 81- 550, or one price for all.")
NO_NUMBER = N_("Please write whole numbers.")
NO_TIME = N_("Please write times like 09:00.")
OPTION_FIELDS = ("option_code", "option_name", "option_monthly", "option_set_up")
ROW_NUMBERS = ("included", "step_s", "least_s", "added_s")


@dataclass(slots=True)
class MeterRow:
    """One meter as typed. Without included units and tiers the plan does not count it."""

    meter: Meter
    included: str = ""
    tiers: str = ""
    mode: str = TierMode.GRADUATED.value
    step_s: str = "60"
    least_s: str = "0"
    added_s: str = "0"
    carries_over: bool = False
    errors: list[str] = field(default_factory=list)

    @property
    def says(self) -> str:
        return METERS[self.meter]

    @property
    def is_timed(self) -> bool:
        return self.meter in SECONDS_OF


@dataclass(slots=True)
class OptionRow:
    """An option as typed."""

    code: str = ""
    name: str = ""
    monthly: str = ""
    set_up: str = ""


def _yen(label: str) -> NumberField:
    return NumberField(label, [InputRequired(), Between(0, MOST_YEN)], default=0)


class PlanForm(Form):
    name = TextField(N_("Name of the plan"), [DataRequired(), AtMost(60)])
    base_fee = _yen(N_("Base fee a month (yen)"))
    minimum = _yen(N_("Minimum a month (yen)"))
    set_up = _yen(N_("Set-up (yen)"))
    seasonal_set_up = _yen(N_("Set-up of a seasonal desk (yen)"))
    with_tax = BooleanField(N_("Prices have the tax inside"))
    base_in_advance = BooleanField(N_("Base fee in advance, usage afterwards"))
    prorates = BooleanField(N_("Parts of a month by days"))
    free_below_s = NumberField(
        N_("Free below so many seconds"), [InputRequired(), Between(0, 600)], default=0
    )
    free = SelectMultipleField(
        N_("Never billed"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False),
        description=N_("Agents choose these as the reason of the contact."),
    )  # fmt: skip
    bills_messages = BooleanField(N_("Messages on the answering machine count as calls"))
    bills_our_calls = BooleanField(N_("Calls back that reach somebody count as calls"))
    opens = TextField(N_("Standard hours from"), default="00:00")
    closes = TextField(N_("until"), default="24:00")
    after_hours_percent = NumberField(N_("Outside of them (%)"), [InputRequired()], default=100)
    holiday_percent = NumberField(N_("On holidays (%)"), [InputRequired()], default=100)
    weekends_are_holidays = BooleanField(N_("Saturdays and Sundays count as holidays"))
    notice_days = NumberField(
        N_("Notice of dearer prices (days)"), [InputRequired(), Between(0, 365)], default=30
    )
    valid_from = DateField(N_("In force from"), [Optional()])

    def __init__(
        self, posted: Posted | None = None, *, words: Words, plan: Plan | None = None, **initial: object
    ) -> None:
        given = _initial(plan or Plan(name="")) | initial
        super().__init__(posted, words=words, **given)
        self.free.choices = [SelectChoice(one.value, words.gettext(said)) for one, said in NATURES.items()]
        self.meters = _typed_meters(posted) if posted is not None else _meter_rows(plan)
        self.options = _typed_options(posted) if posted is not None else _option_rows(plan)

    def plan(self) -> Plan | None:
        """What was typed, when nothing is wrong with it; otherwise the sentences stand beside it."""
        is_good = self.validate()
        prices = [self._price(row) for row in self.meters if row.included or row.tiers]
        options = self._options()
        hours = self._hours()
        if not is_good or None in prices or options is None or hours is None:
            return None
        plan = Plan(
            name=self.name.value, base_fee=self.base_fee.data or 0, minimum=self.minimum.data or 0,
            set_up=self.set_up.data or 0, seasonal_set_up=self.seasonal_set_up.data or 0,
            with_tax=self.with_tax.data, base_in_advance=self.base_in_advance.data,
            prorates=self.prorates.data, free_below_s=self.free_below_s.data or 0,
            free=frozenset(Nature(one) for one in self.free.data or ()),
            bills_messages=self.bills_messages.data, bills_our_calls=self.bills_our_calls.data,
            notice_days=self.notice_days.data or 0, hours=hours, options=options,
            prices=tuple(one for one in prices if one is not None),
        )  # fmt: skip
        problems = problems_of(plan)
        for problem in problems:
            self._say(problem)
        return None if problems else plan

    @property
    def is_wrong(self) -> bool:
        return bool(self.errors or any(row.errors for row in self.meters))

    def _say(self, problem: Problem) -> None:
        said = self.words.gettext(problem.says, **problem.params)
        rows = [row for row in self.meters if row.meter is problem.meter]
        if rows:
            rows[0].errors.append(said)
        elif problem.where in self._fields:
            self._fields[problem.where].errors = [*self._fields[problem.where].errors, said]
        else:
            self.form_errors.append(said)

    def _price(self, row: MeterRow) -> MeterPrice | None:
        numbers = [_number(getattr(row, name)) for name in ROW_NUMBERS]
        included, step_s, least_s, added_s = (one or 0 for one in numbers)
        if None in numbers:
            row.errors.append(self.words.gettext(NO_NUMBER))
            return None
        try:
            tiers = read_tiers(row.tiers, included)
        except ValueError:
            row.errors.append(self.words.gettext(UNREADABLE))
            return None
        return MeterPrice(
            meter=row.meter, included=included, tiers=tiers, mode=TierMode(row.mode), step_s=step_s,
            least_s=least_s, added_s=added_s, carries_over=row.carries_over,
        )  # fmt: skip

    def _options(self) -> tuple[Option, ...] | None:
        found = []
        for row in self.options:
            monthly, set_up = _number(row.monthly), _number(row.set_up)
            if monthly is None or set_up is None or not row.name:
                self.form_errors.append(self.words.gettext(N_("An option needs a name and whole yen.")))
                return None
            code = row.code or uuid7().hex[-8:]
            found.append(Option(code=code, name=row.name, monthly=monthly, set_up=set_up))
        return tuple(found)

    def _hours(self) -> Hours | None:
        try:
            opens, closes = minutes_of_day(self.opens.value), minutes_of_day(self.closes.value)
        except ValueError:
            self.opens.errors = [*self.opens.errors, self.words.gettext(NO_TIME)]
            return None
        return Hours(
            opens=opens, closes=closes, after_hours_percent=self.after_hours_percent.data or 0,
            holiday_percent=self.holiday_percent.data or 0,
            weekends_are_holidays=self.weekends_are_holidays.data,
        )  # fmt: skip


def _initial(plan: Plan) -> dict[str, Any]:
    names = (
        "name", "base_fee", "minimum", "set_up", "seasonal_set_up", "with_tax", "base_in_advance", "prorates",
        "free_below_s", "bills_messages", "bills_our_calls", "notice_days",
    )  # fmt: skip
    hours = plan.hours
    return {name: getattr(plan, name) for name in names} | {
        "free": sorted(one.value for one in plan.free),
        "opens": clock_of_minutes(hours.opens), "closes": clock_of_minutes(hours.closes),
        "after_hours_percent": hours.after_hours_percent, "holiday_percent": hours.holiday_percent,
        "weekends_are_holidays": hours.weekends_are_holidays,
    }  # fmt: skip


def _meter_rows(plan: Plan | None) -> list[MeterRow]:
    return [_meter_row(meter, plan.price_of(meter) if plan else None) for meter in Meter]


def _meter_row(meter: Meter, price: MeterPrice | None) -> MeterRow:
    if price is None:
        return MeterRow(meter)
    return MeterRow(
        meter, included=str(price.included), tiers=tiers_as_text(price), mode=price.mode.value,
        step_s=str(price.step_s), least_s=str(price.least_s), added_s=str(price.added_s),
        carries_over=price.carries_over,
    )  # fmt: skip


def _typed_meters(posted: Posted) -> list[MeterRow]:
    def typed(meter: Meter, name: str) -> str:
        return _one(posted, f"{meter.value}-{name}")

    return [
        MeterRow(
            meter, included=typed(meter, "included"), tiers=typed(meter, "tiers"),
            mode=_mode(typed(meter, "mode")), step_s=typed(meter, "step_s") or "60",
            least_s=typed(meter, "least_s") or "0", added_s=typed(meter, "added_s") or "0",
            carries_over=bool(typed(meter, "carries_over")),
        )
        for meter in Meter
    ]  # fmt: skip


def _mode(typed: str) -> str:
    return typed if typed in set(TierMode) else TierMode.GRADUATED.value


def _option_rows(plan: Plan | None) -> list[OptionRow]:
    options: Sequence[Option] = plan.options if plan else ()
    return [OptionRow(one.code, one.name, str(one.monthly), str(one.set_up)) for one in options]


def _typed_options(posted: Posted) -> list[OptionRow]:
    rows = values_by_row(posted, OPTION_FIELDS)
    return [
        OptionRow(row["option_code"], row["option_name"], row["option_monthly"], row["option_set_up"])
        for row in rows
        if row["option_name"] or row["option_monthly"] or row["option_set_up"]
    ]


def _one(posted: Posted, name: str) -> str:
    found = posted.getall(name, [""])
    return str(found[0]).strip() if found else ""


def _number(typed: str) -> int | None:
    """A whole number; nothing typed is nought; None when it cannot be read."""
    said = code_like(typed).replace(",", "")
    if not said:
        return 0
    return int(said) if said.isdecimal() else None
