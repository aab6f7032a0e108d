"""``/interactions/{tenant}/{id}``: one call or mail, with what the phone knows about it."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from interactions.queries import interaction_by_id
from interactions.questions.asked import latest_question
from interactions.values import Channel
from interactions.web.check_view import check_part
from interactions.web.detail_view import detail_as_json, detail_view
from mailroom.policy import READERS
from nanori import audit, files
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import NotFound
from nanori.installation import Installation
from nanori.web.access import allow_staff
from nanori.web.page import render, words_of
from nanori.web.ranges import file_response
from nanori_app.pages.interaction_phone import phone_part, recording_of
from nanori_app.pages.interaction_promise import promise_part

AnyRequest = Request[Any, Any, State]
ROOM_OF_RECORDINGS = "telephony"


class InteractionPages(Controller):
    path = "/interactions/{tenant_id:uuid}/{interaction_id:uuid}"

    @get("/", opt=allow_staff())
    async def show_interaction(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Response[dict[str, Any]]:
        """Derived times, timeline, notes, legs and voicemail; to programs the JSON twin."""
        words = words_of(request)
        interaction = await interaction_by_id(session, tenant_id, interaction_id)
        view = await detail_view(session, interaction, words=words, context=context)
        phone = await phone_part(session, interaction, words=words, context=context)
        await audit.record(session, context, "interaction.read", shop_id=tenant_id, subject_id=interaction_id)
        if "application/json" in request.headers.get("accept", ""):
            told = detail_as_json(view, interaction) | {"phone": asdict(phone) if phone else None}
            return Response(told, headers={"Vary": "Accept"})
        page = render(
            request,
            "nanori_app/interaction/page.html",
            view=view,
            phone=phone,
            check=await check_part(session, interaction, words=words, context=context),
            promise=await promise_part(session, interaction, words=words, context=context),
            call_href=f"/desk?about={tenant_id}.{interaction_id}" if context.may(Role.AGENT) else "",
            orders=f"/orders/{tenant_id}/contacts/{interaction_id}",
            question=await latest_question(session, interaction, words=words, now=context.now),
            about=f"/questions/{tenant_id}/about/{interaction_id}",
            mail_href=_mail_of(interaction, context),
        )
        page.headers["Vary"] = "Accept"
        return page

    @get("/recordings/{recording_id:uuid}", opt=allow_staff())
    async def play_recording(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        interaction_id: FromPath[UUID],
        recording_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[Any]:
        """The sound of a voicemail or a recorded call, or a part of it; each request is on the trail."""
        recording = await recording_of(session, tenant_id, interaction_id, recording_id)
        if recording is None or recording.file_id is None:
            raise NotFound
        file = await files.find(session, tenant_id, recording.file_id, room=ROOM_OF_RECORDINGS)
        wanted = request.headers.get("range")
        await audit.record(
            session, context, f"{recording.kind}.played", shop_id=tenant_id, subject_id=recording_id,
            detail={"range": wanted} if wanted else {},
        )  # fmt: skip
        return file_response(installation.files, file, wanted)


def _mail_of(interaction: Interaction, context: Context) -> str:
    """Where the reader finds the mails of its case; empty for a call, and for whoever may not read them."""
    if interaction.channel is not Channel.MAIL or interaction.case_id is None or not context.may(*READERS):
        return ""
    return f"/mail/{interaction.tenant_id}/{interaction.case_id}"
