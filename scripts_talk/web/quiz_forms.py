"""Forms of a shop's quiz."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import InputRequired

from nanori.text import one_line
from nanori.web.forms import AtMost, Between, Form, LongTextField, NumberField, Posted
from nanori.words import N_, Words
from scripts_talk.quiz.commands import (
    LONGEST_ASKED,
    LONGEST_CHOICE,
    LONGEST_WHY,
    MOST_CHOICES,
    QuestionDraft,
)
from scripts_talk.quiz.drawing import Choice
from scripts_talk.quiz.models import QuizQuestion


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One line for a choice; an empty one is left out."""

    number: int
    text: str = ""
    is_right: bool = False


class QuestionForm(Form):
    """A question; its choices are rows beside it."""

    article = SelectField(N_("Article"), [InputRequired()])
    asked = LongTextField(N_("Question"), [AtMost(LONGEST_ASKED)])
    why = LongTextField(
        N_("Why it is so"), [AtMost(LONGEST_WHY)],
        description=N_("Whoever chose wrongly reads this, with a link to the article."),
    )  # fmt: skip

    def __init__(
        self,
        posted: Posted | None = None,
        *,
        words: Words,
        articles: Sequence[tuple[UUID, str]],
        **initial: object,
    ) -> None:
        super().__init__(posted, words=words, **initial)
        self.article.choices = [SelectChoice("", words.gettext(N_("Choose an article")))]
        self.article.choices += [SelectChoice(str(one), title) for one, title in articles]
        self.choices_wrong: list[str] = []

    def draft(self, rows: Sequence[ChoiceRow]) -> QuestionDraft:
        """What was typed; without an article the form is refused anyway."""
        return QuestionDraft(
            article_id=UUID(int=0) if self.article.errors else UUID(self.article.data),
            asked=self.asked.value,
            choices=[Choice(row.text, row.is_right) for row in rows if row.text],
            why=self.why.value,
        )


class QuizRulesForm(Form):
    pass_percent = NumberField(N_("Pass mark (%)"), [InputRequired(), Between(1, 100)])
    questions = NumberField(N_("Questions in one quiz"), [InputRequired(), Between(1, 50)])
    valid_days = NumberField(N_("A certificate holds for (days)"), [InputRequired(), Between(1, 1000)])


def choice_rows(question: QuizQuestion | None) -> list[ChoiceRow]:
    """As many lines as a question may have choices."""
    stored = question.choices if question else []
    return [
        ChoiceRow(place + 1, stored[place]["text"], stored[place]["right"])
        if place < len(stored)
        else ChoiceRow(place + 1)
        for place in range(MOST_CHOICES)
    ]


def posted_choices(posted: Posted) -> list[ChoiceRow]:
    texts = [one_line(str(one))[:LONGEST_CHOICE] for one in posted.getall("choice", [])][:MOST_CHOICES]
    texts += [""] * (MOST_CHOICES - len(texts))
    right = {str(one) for one in posted.getall("right", [])}
    return [ChoiceRow(n, text, bool(text) and str(n) in right) for n, text in enumerate(texts, 1)]
