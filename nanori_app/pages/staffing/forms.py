"""Forms of the staffing pages: a what-if, and the share of the time on shift that agents are away."""

from typing import Any

from wtforms import FloatField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import TextInput

from desks.models import Desk
from desks.staffing.erlang import MOST_AGENTS, Load
from nanori import text
from nanori.web.forms import Between, ChoiceField, Form, NumberField
from nanori.words import N_, Words

MOST_CALLS = 100_000
INTERVALS = (("15", N_("15 minutes")), ("30", N_("30 minutes")), ("60", N_("1 hour")))


class CallsField(FloatField):
    """Calls, which a forecast gives in fractions; full-width figures are read too."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([text.code_like(str(one)).replace(",", "") for one in valuelist if one])
        except ValueError as problem:
            raise ValueError(self.gettext(N_("Please give a number."))) from problem

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 - as WTForms calls it
        if self.data is not None and not 0 <= self.data <= MOST_CALLS:
            said: str = self.gettext(N_("Please give a number from {least} to {most}."))
            raise ValidationError(said.format(least=0, most=MOST_CALLS))

    def __call__(self, **attributes: object) -> Any:
        return super().__call__(**{"inputmode": "decimal", "autocomplete": "off"} | attributes)


class WhatIfForm(Form):
    """The same questions as the command ``nanori staffing`` asks."""

    calls = CallsField(N_("Number of calls"), [InputRequired()])
    interval = ChoiceField(N_("Within"), INTERVALS, default="30")
    handling = NumberField(
        N_("Seconds for one call, after-call work included"), [InputRequired(), Between(1, 36000)]
    )
    target = NumberField(N_("Answered in time (%)"), [InputRequired(), Between(1, 99)], default=80)
    within = NumberField(N_("In time is within (seconds)"), [InputRequired(), Between(0, 3600)], default=20)
    patience = NumberField(
        N_("Callers give up after (seconds)"), [Optional(), Between(1, 36000)],
        description=N_("In the mean. Empty: nobody gives up (Erlang C)."),
    )  # fmt: skip
    agents = NumberField(
        N_("Seats"), [Optional(), Between(1, MOST_AGENTS)],
        description=N_("Empty: as many as it takes."),
    )  # fmt: skip
    away = NumberField(N_("Away on shift (%)"), [InputRequired(), Between(0, 90)], default=0)

    @property
    def load(self) -> Load:
        """What was typed; validated before."""
        return Load(
            calls=self.calls.data or 0.0,
            interval=60.0 * int(self.interval.data),
            handling=float(self.handling.data or 1),
            patience=float(self.patience.data) if self.patience.data else None,
        )


class AwayForm(Form):
    """Of one desk."""

    away_percent = NumberField(
        N_("Away on shift (%)"), [InputRequired(), Between(0, 90)],
        description=N_("Training, meetings, leave at short notice; planned breaks are in the shifts."),
    )  # fmt: skip

    @classmethod
    def of(cls, desk: Desk, words: Words) -> "AwayForm":
        return cls(words=words, away_percent=desk.away_percent)
