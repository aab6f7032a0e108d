"""The form of what an agent can do."""

from collections.abc import Sequence
from dataclasses import dataclass

from wtforms import BooleanField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from desks.profiles import LANGUAGES, LONGEST_SKILL, MOST_MAILS, MOST_SKILLS, Profile, Skill
from nanori.text import one_line
from nanori.web.forms import Between, Form, NumberField, Posted
from nanori.words import N_, Words


@dataclass(frozen=True, slots=True)
class SkillRow:
    """One line for a skill; an empty one is left out."""

    number: int
    name: str = ""
    level: int = 2


class ProfileForm(Form):
    languages = SelectMultipleField(
        N_("Languages"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    mails_at_once = NumberField(
        N_("Mails in hand at most"),
        [Optional(), Between(1, MOST_MAILS)],
        description=N_("Open cases taken at the same time. Empty: no limit."),
    )
    calls_interrupt = BooleanField(N_("A call may ring while a mail is written, where the desk allows it"))

    def __init__(self, posted: Posted | None = None, *, words: Words, **initial: object) -> None:
        super().__init__(posted, words=words, **initial)
        self.languages.choices = [SelectChoice(code, words.gettext(said)) for code, said in LANGUAGES.items()]
        self.skills_wrong: list[str] = []

    @classmethod
    def of(cls, profile: Profile, words: Words) -> "ProfileForm":
        form = cls(words=words, mails_at_once=profile.mails_at_once, calls_interrupt=profile.calls_interrupt)
        form.languages.data = list(profile.languages)
        return form

    def profile(self, rows: Sequence[SkillRow]) -> Profile:
        """What was typed; validated before."""
        return Profile(
            languages=tuple(self.languages.data or ()),
            skills=tuple(Skill(row.name, row.level) for row in rows if row.name),
            mails_at_once=self.mails_at_once.data,
            calls_interrupt=self.calls_interrupt.data,
        )


def skill_rows(profile: Profile) -> list[SkillRow]:
    rows = [SkillRow(number, one.name, one.level) for number, one in enumerate(profile.skills, 1)]
    return rows + [SkillRow(number) for number in range(len(rows) + 1, MOST_SKILLS + 1)]


def posted_skills(posted: Posted) -> list[SkillRow]:
    names = [one_line(str(one))[:LONGEST_SKILL] for one in posted.getall("skill", [])]
    levels = [str(one) for one in posted.getall("skill_level", [])]
    rows = []
    for number in range(1, MOST_SKILLS + 1):
        name = names[number - 1] if number <= len(names) else ""
        level = levels[number - 1] if number <= len(levels) else "2"
        rows.append(SkillRow(number, name, int(level) if level.isdecimal() else 0))
    return rows
