"""Forms of a desk: its times, and who answers there."""

from collections.abc import Sequence
from uuid import UUID

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import InputRequired

from desks.models import Desk
from nanori.identity.models import Account
from nanori.web.forms import Between, Form, NumberField, Posted
from nanori.words import N_, Words

LEVELS = (1, 2, 3)


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


class RosterForm(Form):
    """Put one agent on the roster."""

    agent = SelectField(N_("Agent"), [InputRequired()])
    level = SelectField(
        N_("Level"),
        choices=[SelectChoice(str(level), str(level)) for level in LEVELS],
        default="1",
        description=N_("Level 1 is asked first, the others when none of them is free."),
    )

    def __init__(self, posted: Posted | None = None, *, words: Words, agents: Sequence[Account]) -> None:
        super().__init__(posted, words=words)
        self.agent.choices = [SelectChoice("", words.gettext(N_("Choose an agent")))]
        self.agent.choices += [SelectChoice(str(one.id), one.name) for one in agents]

    @property
    def agent_id(self) -> UUID:
        return UUID(self.agent.data)
