"""The page with an agent's own telephone number: the agent's, and the same for whoever leads the agents."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.installation import Installation
from nanori.text import phone_for_people
from nanori.web.access import allow
from nanori.web.forms import Form, TextField
from nanori.web.page import go, render, words_of
from nanori.words import N_
from nanori_app.pages.floor.agent import agent_by_id
from telephony.commands import own_phone

AnyRequest = Request[Any, Any, State]


class NumberForm(Form):
    """Empty takes the number away."""

    to = TextField(
        N_("Telephone number"),
        description=N_(
            "Calls ring there from the shop's number. Empty: no telephone; calls come to the browser."
        ),
    )


class MyPhone(Controller):
    path = "/desk/telephone"
    opt = allow(Role.AGENT)

    @get("/")
    async def show_mine(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        number = await own_phone.number_of(session, context.account_id)
        return _page(request, _form(request, number), back="/desk", path=self.path)

    @post("/")
    async def save_mine(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Template | Redirect:
        form = NumberForm(await request.form(), words=words_of(request))
        if await _save(session, context, installation, context.account_id, form):
            return go(request, "/desk", notice=N_("Saved."))
        return _page(request, form, back="/desk", path=self.path)


class AgentsPhone(Controller):
    """Every reading and every change of somebody else's number is in the audit trail."""

    path = "/floor/agents/{agent_id:uuid}/telephone"
    opt = allow(Role.SUPERVISOR, Role.OPERATOR)

    @get("/")
    async def show_number(
        self,
        request: AnyRequest,
        agent_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        agent = await agent_by_id(session, agent_id)
        await audit.record(session, context, "agent.telephone_read", subject_id=agent_id)
        number = await own_phone.number_of(session, agent_id)
        back = f"/floor/agents/{agent_id}"
        return _page(request, _form(request, number), back=back, path=f"{back}/telephone", name=agent.name)

    @post("/")
    async def save_number(
        self,
        request: AnyRequest,
        agent_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Template | Redirect:
        agent = await agent_by_id(session, agent_id)
        form = NumberForm(await request.form(), words=words_of(request))
        back = f"/floor/agents/{agent_id}"
        if await _save(session, context, installation, agent_id, form):
            await audit.record(session, context, "agent.telephone_changed", subject_id=agent_id)
            return go(request, back, notice=N_("Saved."))
        return _page(request, form, back=back, path=f"{back}/telephone", name=agent.name)


async def _save(
    session: AsyncSession, context: Context, house: Installation, agent_id: UUID, form: NumberForm
) -> bool:
    """False, and why in the form, for a number that is not rung."""
    try:
        await own_phone.save_number(
            session, agent_id, form.to.value, countries=house.settings.agent_phone_countries, now=context.now
        )
    except InvalidInput as refusal:
        form.refuse(refusal)
        return False
    return True


def _form(request: AnyRequest, number: str | None) -> NumberForm:
    return NumberForm(words=words_of(request), to=phone_for_people(number) if number else "")


def _page(request: AnyRequest, form: NumberForm, *, back: str, path: str, name: str = "") -> Template:
    status = 422 if form.wrong else 200
    return render(
        request, "nanori_app/telephone.html", status=status, form=form, back=back, path=path, name=name
    )
