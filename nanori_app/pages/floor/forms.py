"""Forms of the floor: alarm limits, and small ones without a page of their own."""

from wtforms import BooleanField
from wtforms.validators import InputRequired
from wtforms.validators import Optional as MayBeEmpty

from desks.direction import AlarmLimits
from desks.models import Desk
from nanori.web.forms import Between, Form, NumberField
from nanori.words import N_, Words

AN_HOUR, A_SHIFT = 3600, 12 * 3600


class AlarmForm(Form):
    """When the floor calls for a supervisor. Times are seconds; 0 never calls."""

    wait_seconds = NumberField(N_("A caller waits (seconds)"), [InputRequired(), Between(0, AN_HOUR)])
    level_percent = NumberField(
        N_("Service level today below (%)"),
        [MayBeEmpty(), Between(0, 100)],
        description=N_("Empty: what the contract promises."),
    )
    talk_seconds = NumberField(N_("A call goes on (seconds)"), [InputRequired(), Between(0, A_SHIFT)])
    wrapup_seconds = NumberField(
        N_("After-call work goes on (seconds)"), [InputRequired(), Between(0, AN_HOUR)]
    )
    away_seconds = NumberField(N_("A break goes on (seconds)"), [InputRequired(), Between(0, A_SHIFT)])
    not_ready_seconds = NumberField(
        N_("An agent gets no calls (seconds)"), [InputRequired(), Between(0, A_SHIFT)]
    )
    nobody = BooleanField(N_("Nobody is at work in opening hours"))

    @classmethod
    def of(cls, desk: Desk, words: Words) -> "AlarmForm":
        return cls(
            words=words,
            wait_seconds=desk.alarm_wait_seconds,
            level_percent=desk.alarm_level_percent,
            talk_seconds=desk.alarm_talk_seconds,
            wrapup_seconds=desk.alarm_wrapup_seconds,
            away_seconds=desk.alarm_away_seconds,
            not_ready_seconds=desk.alarm_not_ready_seconds,
            nobody=desk.alarm_nobody,
        )

    def limits(self) -> AlarmLimits:
        return AlarmLimits(
            wait_seconds=self.wait_seconds.data or 0,
            level_percent=self.level_percent.data,
            nobody=bool(self.nobody.data),
            talk_seconds=self.talk_seconds.data or 0,
            wrapup_seconds=self.wrapup_seconds.data or 0,
            away_seconds=self.away_seconds.data or 0,
            not_ready_seconds=self.not_ready_seconds.data or 0,
        )
