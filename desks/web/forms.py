"""Forms of a desk: its times, and who answers there."""

from collections.abc import Sequence
from uuid import UUID

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import InputRequired, Optional

from desks.models import Desk
from desks.roster import Sharing
from desks.values import LEVELS
from nanori.identity.models import Account
from nanori.web.forms import Between, Form, NumberField, Posted
from nanori.words import N_, Words


class TimesForm(Form):
    """How long to ring, to wrap up and to let callers wait."""

    ring_seconds = NumberField(
        N_("Ring one agent for (seconds)"),
        [InputRequired(), Between(5, 60)],
        description=N_("Then the call goes on to the next agent; the caller keeps the place."),
    )
    wrapup_seconds = NumberField(
        N_("After-call work at most (seconds)"),
        [InputRequired(), Between(0, 1800)],
        description=N_("When it is over the agent is ready again; what was typed is kept."),
    )
    max_wait_seconds = NumberField(
        N_("Longest wait (seconds)"),
        [InputRequired(), Between(30, 3600)],
        description=N_("Then the caller is asked to leave a message."),
    )

    @classmethod
    def of(cls, desk: Desk, words: Words) -> "TimesForm":
        return cls(
            words=words,
            ring_seconds=desk.ring_seconds,
            wrapup_seconds=desk.wrapup_seconds,
            max_wait_seconds=desk.max_wait_seconds,
        )


class SharingForm(Form):
    """How the desk shares agents who answer for other shops too."""

    overflow_after_seconds = NumberField(
        N_("Ask the next level after (seconds)"),
        [InputRequired(), Between(0, 600)],
        description=N_("0: every level at once, level 1 first."),
    )
    weight = NumberField(
        N_("Weight when agents are few"),
        [InputRequired(), Between(1, 100)],
        description=N_("A desk of weight 2 gets twice the agents of a desk of weight 1, if it needs them."),
    )
    reserved_agents = NumberField(
        N_("Agents kept for this desk"),
        [InputRequired(), Between(0, 100)],
        description=N_("Other shops leave so many free, even when nobody calls here."),
    )
    max_waiting = NumberField(
        N_("Callers waiting at most"),
        [Optional(), Between(0, 5000)],
        description=N_(
            "Further callers are asked to leave a message. 0: as many as come. Empty: as many as the agents"
            " at work can reach within the longest wait."
        ),
    )
    interrupts_mail = BooleanField(N_("Calls may ring while an agent writes a mail"))

    @classmethod
    def of(cls, desk: Desk, words: Words) -> "SharingForm":
        return cls(
            words=words,
            overflow_after_seconds=desk.overflow_after_seconds,
            weight=desk.weight,
            reserved_agents=desk.reserved_agents,
            max_waiting=desk.max_waiting,
            interrupts_mail=desk.interrupts_mail,
        )

    @property
    def sharing(self) -> Sharing:
        """What was typed; validated before."""
        return Sharing(
            weight=self.weight.data or 1,
            reserved_agents=self.reserved_agents.data or 0,
            overflow_after_seconds=self.overflow_after_seconds.data or 0,
            max_waiting=self.max_waiting.data,
            interrupts_mail=self.interrupts_mail.data,
        )


class PlaceForm(Form):
    """An agent's place on the roster."""

    level = SelectField(
        N_("Level"),
        choices=[SelectChoice(str(level), str(level)) for level in LEVELS],
        default="1",
        description=N_("Level 1 is asked first, the others when none of them is free."),
    )
    certified = BooleanField(N_("Trained for this shop: gets its calls"), default=True)
    preferred = BooleanField(N_("Asked first within the level"))


class CertificateForm(Form):
    """What the desk asks of its agents."""

    needs_certificate = BooleanField(N_("Only agents who have passed the shop's quiz get its calls"))


class RosterForm(PlaceForm):
    """Put one agent on the roster."""

    agent = SelectField(N_("Agent"), [InputRequired()])

    def __init__(self, posted: Posted | None = None, *, words: Words, agents: Sequence[Account]) -> None:
        super().__init__(posted, words=words)
        self.agent.choices = [SelectChoice("", words.gettext(N_("Choose an agent")))]
        self.agent.choices += [SelectChoice(str(one.id), one.name) for one in agents]

    @property
    def agent_id(self) -> UUID:
        return UUID(self.agent.data)
