"""The form of an article."""

from wtforms import BooleanField
from wtforms.validators import DataRequired

from nanori.web.forms import AtMost, ChoiceField, Form, LongTextField, TextField
from nanori.words import N_
from scripts_talk.knowledge.commands import LONGEST_BODY, LONGEST_KEYWORDS, LONGEST_TITLE, Wording
from scripts_talk.knowledge.values import ArticleKind
from scripts_talk.knowledge.view import KINDS


class ArticleForm(Form):
    kind = ChoiceField(N_("Kind of article"), [(kind.value, said) for kind, said in KINDS.items()])
    title = TextField(N_("Title"), [DataRequired(N_("Please write a title.")), AtMost(LONGEST_TITLE)])
    body = LongTextField(
        N_("What agents answer"), [DataRequired(N_("Please write what agents answer.")), AtMost(LONGEST_BODY)]
    )
    keywords = TextField(N_("Other words for it"), [AtMost(LONGEST_KEYWORDS)])
    is_public = BooleanField(N_("Show it on the shop's public page"))
    asks_readers = BooleanField(N_("Agents confirm that they have read it"))

    @property
    def article_kind(self) -> ArticleKind:
        return ArticleKind(self.kind.data)

    @property
    def wording(self) -> Wording:
        return Wording(title=self.title.value, body=self.body.value, keywords=self.keywords.value)


class RulesForm(Form):
    approves = BooleanField(N_("The shop approves each article before agents see it"))
    has_public_page = BooleanField(N_("The shop has a public page with answers"))
    may_be_indexed = BooleanField(N_("Search engines may list the public page"))
