"""What a shop wants its shoppers to be asked once their matter is settled."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession
from wtforms.widgets import TextArea

from mailroom.policy import KEEPERS
from mailroom.surveys.commands import question_of, set_rule
from mailroom.surveys.models import SurveyRule
from mailroom.surveys.queries import rule_of
from mailroom.surveys.values import LONGEST_QUESTION, SurveyKind
from mailroom.surveys.wording import NAMES
from nanori import audit
from nanori.context import Context
from nanori.web.access import allow
from nanori.web.forms import AtMost, ChoiceField, Form, TextField
from nanori.web.page import go
from nanori.words import N_, words_for
from tenants import queries
from tenants.frame import show
from tenants.models import Tenant

AnyRequest = Request[Any, Any, State]
NOBODY = "off"


class QuestionField(TextField):
    """One line of words that is read in full on a narrow page, too."""

    widget = TextArea()


class SurveyForm(Form):
    kind = ChoiceField(
        N_("Question after a settled matter"),
        [(NOBODY, N_("Ask nobody")), *((kind.value, said) for kind, said in NAMES.items())],
    )
    csat = QuestionField(NAMES[SurveyKind.CSAT], [AtMost(LONGEST_QUESTION)])
    nps = QuestionField(NAMES[SurveyKind.NPS], [AtMost(LONGEST_QUESTION)])
    ces = QuestionField(NAMES[SurveyKind.CES], [AtMost(LONGEST_QUESTION)])

    @property
    def asked(self) -> SurveyKind | None:
        return None if self.kind.data == NOBODY else SurveyKind(self.kind.data)


class SurveySettings(Controller):
    path = "/shops/{tenant_id:uuid}/survey"

    @get("/", opt=allow(*KEEPERS))
    async def show_survey(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        shop = await queries.shop(session, tenant_id)
        rule = await rule_of(session, tenant_id)
        form = SurveyForm(words=words_for(context.locale), kind=_kind_of(rule), **_wordings(rule, shop))
        return await _draw(request, session, shop, form)

    @post("/", opt=allow(*KEEPERS))
    async def save_survey(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """Holds for answers sent from now on; links that are out keep their question."""
        shop = await queries.shop(session, tenant_id)
        form = SurveyForm(await request.form(), words=words_for(context.locale))
        if not form.validate():
            return await _draw(request, session, shop, form, status=422)
        proposed = _wordings(None, shop)
        typed = {kind: form[kind.value].data for kind in SurveyKind}
        own = {kind: text for kind, text in typed.items() if text != proposed[kind.value]}
        await set_rule(session, tenant_id, form.asked, own)
        detail = {"part": "survey", "kind": form.kind.data}
        await audit.record(session, context, "shop.changed", shop_id=tenant_id, detail=detail)
        return go(request, f"/shops/{tenant_id}/survey", notice=N_("Saved."))


async def _draw(
    request: AnyRequest, session: AsyncSession, shop: Tenant, form: SurveyForm, *, status: int = 200
) -> Template:
    return await show(
        request, session, shop, "mailroom/survey.html", tab="terms", status=status, form=form, may_write=True
    )


def _kind_of(rule: SurveyRule | None) -> str:
    return rule.kind.value if rule and rule.kind else NOBODY


def _wordings(rule: SurveyRule | None, shop: Tenant) -> dict[str, Any]:
    return {kind.value: question_of(rule, kind, shop) for kind in SurveyKind}
