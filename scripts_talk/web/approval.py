"""The shop's portal: new words that are to be said in its name, beside those in force; yes or no."""

from dataclasses import dataclass
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
from scripts_talk.differing import Change, Compared, Piece, compare, pieces
from scripts_talk.errors import NothingToDecide
from scripts_talk.policy import DECIDERS
from scripts_talk.steps import Step, Talk
from scripts_talk.values import END, ScriptState, StepKind
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


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCompared:
    """One step as the shop reads it."""

    title: str
    change: str  # msgid
    badge: str
    is_same: bool
    kind: str  # msgid; empty for a plain one
    said: list[Piece]
    hint: list[Piece]
    others: list[str]  # other words for a time or situation
    asked: list[str]
    leads_to: list[str]


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
        script = await queries.version_of(session, tenant_id, version_id)
        if script is None or script.state is not ScriptState.SUBMITTED:
            raise NothingToDecide
        before = await queries.published_script(session, tenant_id, desk_id=script.desk_id)
        talk = Talk(script.steps)
        steps = [_told(one, talk) for one in compare(before.steps if before else (), script.steps)]
        return render(
            request,
            "scripts_talk/approval.html",
            shop=shop,
            script=script,
            before=before,
            steps=steps,
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


def _told(one: Compared, talk: Talk) -> StepCompared:
    step, before = one.shown, one.before or Step(title="")
    after = one.after or Step(title="")
    said, badge = CHANGES[one.change]
    return StepCompared(
        title=step.title,
        change=said,
        badge=badge,
        is_same=one.change is Change.SAME,
        kind="" if step.kind is StepKind.TALK else STEP_KINDS[step.kind],
        said=pieces(before.say, after.say),
        hint=pieces(before.hint, after.hint),
        others=[wording.say for wording in step.wordings],
        asked=[field.label for field in step.fields],
        leads_to=_leads_to(one.after, talk),
    )


def _leads_to(step: Step | None, talk: Talk) -> list[str]:
    """Titles of the steps to which branches lead; ``END`` for the end."""
    if step is None:
        return []
    found = [talk.step(branch.to) for branch in step.branches]
    return [one.title if one else END for one in found]
