"""What the carrier asks and tells about somebody who is rung or texted because of a question."""

from uuid import UUID

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from nanori.db import bind_tenants
from telephony import twiml
from telephony.commands import summoning
from telephony.speech import Speaker, speaker_of
from telephony.summons_models import Summons
from telephony.web.answers import document, nothing
from telephony.web.incoming import Webhook, Webhooks
from tenants.errors import ShopNotFound
from tenants.models import Tenant


class Summonses(Webhooks):
    """The address names shop and person; its signature proves that it is ours."""

    path = "/tw/q/{tenant_id:uuid}/{summons_id:uuid}"

    @post("/screen")
    async def screen(
        self, webhook: NamedDependency[Webhook], tenant_id: FromPath[UUID], summons_id: FromPath[UUID]
    ) -> Response[str]:
        """Somebody or something has answered: ask for the 1."""
        found = await _found(webhook, tenant_id, summons_id)
        if found is None or found.state in summoning.DONE:
            return document(twiml.hang_up())
        action = webhook.urls.summons(tenant_id, summons_id, "decision")
        return document(twiml.question_screen(await _speaker(webhook, tenant_id), action))

    @post("/decision")
    async def decision(
        self, webhook: NamedDependency[Webhook], tenant_id: FromPath[UUID], summons_id: FromPath[UUID]
    ) -> Response[str]:
        """A key was pressed; the same again is said again and changes nothing."""
        found = await _found(webhook, tenant_id, summons_id)
        digits = webhook.signed.text("Digits")
        if found is None or not await summoning.pressed(webhook.session, found, digits, now=webhook.now):
            return document(twiml.hang_up())
        speaker = await _speaker(webhook, tenant_id)
        return document(twiml.say_and_hang_up(speaker, speaker.question_seen()))

    @post("/status")
    async def status(
        self, webhook: NamedDependency[Webhook], tenant_id: FromPath[UUID], summons_id: FromPath[UUID]
    ) -> Response[None]:
        """How far a call or a text is; what comes after its end changes nothing."""
        found = await _found(webhook, tenant_id, summons_id)
        if found is None:
            return nothing()
        signed, session, now = webhook.signed, webhook.session, webhook.now
        if told := signed.text("MessageStatus"):
            await summoning.text_status(session, found, told, now=now)
        else:
            await summoning.call_status(session, found, signed.text("CallStatus"), now=now)
        return nothing()


async def _found(webhook: Webhook, tenant_id: UUID, summons_id: UUID) -> Summons | None:
    await bind_tenants(webhook.session, [tenant_id])
    key = (tenant_id, summons_id)
    return await webhook.session.get(Summons, key, with_for_update=True, populate_existing=True)


async def _speaker(webhook: Webhook, tenant_id: UUID) -> Speaker:
    shop = await webhook.session.get(Tenant, tenant_id)
    if shop is None:
        raise ShopNotFound
    return speaker_of(shop)
