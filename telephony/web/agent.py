"""What an agent does on the desk page. Commands are POSTs; their effect comes back as live news."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from sqlalchemy.ext.asyncio import AsyncSession

from desks import presence
from desks.values import Presence
from nanori.actors import Role
from nanori.context import Context
from nanori.installation import Installation
from nanori.web.access import allow
from scripts_talk.upsell import Outcome
from telephony.commands import agents, availability, contacts, notes, own_phone
from telephony.commands.agents import Shown
from telephony.commands.notes import Walked
from telephony.urls import Urls
from telephony.web.forms import Form

AnyRequest = Request[Any, Any, State]
MAX_KEY = 64


class Seat(Controller):
    """Presence: which tab has the seat, that it is alive, what the agent does."""

    path = "/desk"
    opt = allow(Role.AGENT)

    @post("/seat", status_code=HTTP_204_NO_CONTENT)
    async def take(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> None:
        form = await Form.read(request)
        await presence.take_seat(session, context.account_id, tab=form.tab(), now=context.now)

    @post("/beat", status_code=HTTP_204_NO_CONTENT)
    async def beat(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> None:
        form = await Form.read(request)
        await presence.beat(session, context.account_id, tab=form.tab(), now=context.now)

    @post("/phone-problem", status_code=HTTP_204_NO_CONTENT)
    async def phone_fails(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> None:
        """``kind`` is microphone, network or token: no calls until the agent takes them again."""
        form = await Form.read(request)
        await availability.phone_fails(
            session, context.account_id, tab=form.tab(), reason=form.phone_problem(), now=context.now
        )

    @post("/answering", status_code=HTTP_204_NO_CONTENT)
    async def answer_by(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> None:
        """``by`` is browser or phone: the agent's own telephone, which rings after each answer."""
        form = await Form.read(request)
        await own_phone.choose(
            session, context.account_id, tab=form.tab(), by_phone=form.by_phone(), now=context.now
        )

    @post("/presence", status_code=HTTP_204_NO_CONTENT)
    async def choose(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> None:
        form = await Form.read(request)
        state = form.presence("state", Presence.READY, Presence.BREAK, Presence.OFFLINE)
        reason = form.break_reason() if state is Presence.BREAK else None
        await presence.choose_presence(session, context.account_id, state, reason=reason, now=context.now)


class Offers(Controller):
    path = "/offers/{offer_id:uuid}"
    opt = allow(Role.AGENT)

    @post("/acceptance", status_code=HTTP_200_OK)
    async def accept(
        self,
        request: AnyRequest,
        offer_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> dict[str, str]:
        """The form names what the screen shows: call, shop, words to say. A stale screen is refused.

        ``leg`` is empty when the agent's own telephone rings instead of the browser.
        """
        form = await Form.read(request)
        urls = Urls(installation.settings.public_url)
        shown = Shown(
            tab=form.tab(), call_id=form.uuid("call"), shop_id=form.uuid("shop"),
            phrase_id=form.optional_uuid("phrase"),
        )  # fmt: skip
        accepted = await agents.accept_offer(
            session, offer_id, urls, agent=context.actor, shown=shown, now=context.now
        )
        return {"leg": accepted.token, "call": str(accepted.call_id)}

    @post("/refusal", status_code=HTTP_204_NO_CONTENT)
    async def refuse(
        self,
        offer_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        await agents.refuse_offer(session, offer_id, agent=context.actor, now=context.now)


class Calls(Controller):
    """The call in hand."""

    path = "/calls/{call_id:uuid}"
    opt = allow(Role.AGENT)

    @post("/hold", status_code=HTTP_204_NO_CONTENT)
    async def hold(
        self,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> None:
        urls = Urls(installation.settings.public_url)
        await agents.hold(session, call_id, urls, agent=context.actor, now=context.now)

    @post("/resumption", status_code=HTTP_204_NO_CONTENT)
    async def resume(
        self,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        await agents.resume(session, call_id, agent=context.actor, now=context.now)

    @post("/ending", status_code=HTTP_204_NO_CONTENT)
    async def end(
        self,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        await agents.end(session, call_id, agent=context.actor, now=context.now)

    @post("/escalation", status_code=HTTP_204_NO_CONTENT)
    async def escalate(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> None:
        """``contact``: whom of the shop to call; without it everybody, one after the other."""
        form = await Form.read(request)
        urls = Urls(installation.settings.public_url)
        await contacts.escalate(
            session, call_id, urls, contact_id=form.optional_uuid("contact"), agent=context.actor,
            now=context.now,
        )  # fmt: skip

    @post("/escalation-cancellation", status_code=HTTP_204_NO_CONTENT)
    async def call_off(
        self,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        await contacts.call_off(session, call_id, agent=context.actor, now=context.now)

    @post("/wrap-up", status_code=HTTP_204_NO_CONTENT)
    async def wrap_up(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        form = await Form.read(request)
        if "notes" in form.values:
            call, _ = await agents.engaged(session, call_id, context.actor)
            await notes.save_notes(
                session, call.interaction_id, form.free_text("notes"), agent=context.actor
            )  # fmt: skip
        await agents.wrap_up(
            session, call_id, agent=context.actor, reason_id=form.optional_uuid("reason_id"),
            then=form.presence("next", Presence.READY, Presence.BREAK), now=context.now,
        )  # fmt: skip


class Notes(Controller):
    """What an agent types during a call, saved as it is typed."""

    path = "/interactions/{interaction_id:uuid}"
    opt = allow(Role.AGENT)

    @post("/notes", status_code=HTTP_204_NO_CONTENT)
    async def save_notes(
        self,
        request: AnyRequest,
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        form = await Form.read(request)
        await notes.save_notes(session, interaction_id, form.free_text("notes"), agent=context.actor)

    @post("/addition", status_code=HTTP_204_NO_CONTENT)
    async def save_addition(
        self,
        request: AnyRequest,
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        """What is added beside the notes by an agent who has handed the caller over."""
        text = (await Form.read(request)).free_text("notes")
        await notes.save_addition(session, interaction_id, text, agent=context.actor, now=context.now)

    @post("/captured", status_code=HTTP_204_NO_CONTENT)
    async def save_captured(
        self,
        request: AnyRequest,
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        form = await Form.read(request)
        await notes.save_captured(
            session, interaction_id, {form.text("key", MAX_KEY): form.free_text("value")}, agent=context.actor
        )

    @post("/talk", status_code=HTTP_200_OK)
    async def walk_script(
        self,
        request: AnyRequest,
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> dict[str, dict[str, str]]:
        """``step`` is in sight; with ``go`` the agent leaves it; ``outcome`` is that of its offer."""
        form = await Form.read(request)
        outcome = form.free_text("outcome")
        walked = Walked(
            step=form.text("step", MAX_KEY),
            goes_on=form.free_text("go") == "on",
            outcome=Outcome(outcome) if outcome in set(Outcome) else None,
        )
        values = await notes.walk_script(
            session, interaction_id, walked, agent=context.actor, now=context.now
        )
        return {"values": values}
