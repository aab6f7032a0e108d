"""The shop's portal: new words that are to be said in its name, beside those in force; yes or no."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.text import tidied
from nanori.web.access import allow
from nanori.web.page import go, render
from nanori.words import N_
from scripts_talk import queries, versions
from scripts_talk.differing import Change, steps_compared
from scripts_talk.policy import DECIDERS
from scripts_talk.values import END
from scripts_talk.wording import STEP_KINDS
from tenants.queries import shop as shop_by_id
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]
CHANGES = {
    Change.SAME: (N_("unchanged"), ""),
    Change.MOVED: (N_("in another place"), "accent"),
    Change.CHANGED: (N_("changed"), "warn"),
    Change.ADDED: (N_("new"), "good"),
    Change.REMOVED: (N_("left out"), "bad"),
}


class ScriptApprovals(Controller):
    path = "/scripts"

    @get("/", opt=allow(*DECIDERS))
    async def waiting(self, request: AnyRequest, session: NamedDependency[AsyncSession]) -> Template:
        """What waits for this shop's answer."""
        shops = {shop.tenant_id: shop for shop in await shops_bound(session)}
        found = await queries.submitted_scripts(session)
        return render(request, "scripts_talk/approvals.html", scripts=found, shops=shops)

    @get("/{tenant_id:uuid}/{version_id:uuid}", opt=allow(*DECIDERS))
    async def compared(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        version_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        """The whole talk, with what is different from the version in force."""
        shop = await shop_by_id(session, tenant_id)
        script, before = await queries.submitted_with_published(session, tenant_id, version_id)
        return render(
            request,
            "scripts_talk/approval.html",
            shop=shop,
            script=script,
            before=before,
            steps=steps_compared(before.steps if before else (), script.steps),
            changes=CHANGES,
            kinds=STEP_KINDS,
            end=END,
        )

    @post("/{tenant_id:uuid}/{version_id:uuid}/approval", opt=allow(*DECIDERS))
    async def approve(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        version_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await shop_by_id(session, tenant_id)
        await versions.approve_script(session, tenant_id, version_id, by=context.account_id, now=context.now)
        await audit.record(session, context, "script.approved", shop_id=tenant_id, subject_id=version_id)
        return go(request, "/scripts", notice=N_("Approved. Thank you; the desk puts it into force."))

    @post("/{tenant_id:uuid}/{version_id:uuid}/refusal", opt=allow(*DECIDERS))
    async def refuse(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        version_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await shop_by_id(session, tenant_id)
        why = tidied(str((await request.form()).get("why", "")))
        await versions.refuse_script(
            session, tenant_id, version_id, why=why, by=context.account_id, now=context.now
        )
        await audit.record(session, context, "script.refused", shop_id=tenant_id, subject_id=version_id)
        return go(
            request, "/scripts", notice=N_("Sent back with your reason. Agents go on with the old words.")
        )
