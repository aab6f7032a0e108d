"""A shop's campaigns: what its advertisements showed, so that agents offer nothing else by mistake."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
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
from nanori.errors import InvalidInput, NotFound
from nanori.text import code_like, one_line
from nanori.web.access import allow
from nanori.web.forms import fields_in_order
from nanori.web.page import go
from nanori.words import N_
from scripts_talk.campaigns import (
    CampaignFacts,
    advertisement,
    campaigns_of,
    delete_campaign,
    end_campaign,
    set_campaign,
)
from scripts_talk.models import Campaign
from scripts_talk.policy import READERS, WRITERS
from scripts_talk.upsell import Advertised, Term
from scripts_talk.wording import TERMS
from tenants import queries as shops
from tenants.frame import show
from tenants.queries import numbers_of

AnyRequest = Request[Any, Any, State]


@dataclass(slots=True)
class GoodsRow:
    code: str = ""
    name: str = ""
    subscription: str = ""
    shown: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CampaignForm:
    """One campaign as typed."""

    code: str = ""
    name: str = ""
    first_day: str = ""
    last_day: str = ""
    number: str = ""
    allows: str = ""
    goods: list[GoodsRow] = field(default_factory=list)


class CampaignPages(Controller):
    path = "/shops/{tenant_id:uuid}/script/campaigns"

    @get("/", opt=allow(*READERS))
    async def list_campaigns(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        """All campaigns, and the form for a new one or the one in ``?id=``."""
        known = await campaigns_of(session, tenant_id)
        asked = request.query_params.get("id", "")
        chosen = next((one for one in known if str(one.id) == asked), None)
        if asked and chosen is None:
            raise NotFound
        form = _form(chosen) if chosen else CampaignForm(goods=[GoodsRow()])
        return await _page(request, session, tenant_id, known, form, asked)

    @post("/", opt=allow(*WRITERS))
    async def save_campaign(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        await shops.shop(session, tenant_id)
        fields = await fields_in_order(request)
        form, asked = _posted(fields), dict(fields).get("id", "")
        known = await campaigns_of(session, tenant_id)
        chosen = next((one.id for one in known if str(one.id) == asked), None)
        if asked and chosen is None:
            raise NotFound
        try:
            facts = _facts(form, [one.number for one in await numbers_of(session, tenant_id)])
            campaign = await set_campaign(session, tenant_id, facts, campaign_id=chosen, now=context.now)
        except InvalidInput as refusal:
            return await _page(request, session, tenant_id, known, form, asked, wrong=refusal.fields)
        await audit.record(session, context, "campaign.set", shop_id=tenant_id, subject_id=campaign.id)
        return go(request, f"/shops/{tenant_id}/script/campaigns", notice=N_("Saved."))

    @post("/{campaign_id:uuid}/ending", opt=allow(*WRITERS))
    async def end(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        campaign_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """No later call comes by it; what earlier calls were shown stays with them."""
        await end_campaign(session, tenant_id, campaign_id, now=context.now)
        await audit.record(session, context, "campaign.ended", shop_id=tenant_id, subject_id=campaign_id)
        return go(request, f"/shops/{tenant_id}/script/campaigns", notice=N_("Ended."))

    @post("/{campaign_id:uuid}/deletion", opt=allow(*WRITERS))
    async def delete(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        campaign_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """One that no call came by."""
        await delete_campaign(session, tenant_id, campaign_id)
        await audit.record(session, context, "campaign.deleted", shop_id=tenant_id, subject_id=campaign_id)
        return go(request, f"/shops/{tenant_id}/script/campaigns", notice=N_("Deleted."))


def _form(campaign: Campaign) -> CampaignForm:
    return CampaignForm(
        code=campaign.code,
        name=campaign.name,
        first_day=campaign.first_day.isoformat(),
        last_day=campaign.last_day.isoformat(),
        number=campaign.number,
        allows="yes" if campaign.allows_solicitation else "",
        goods=[
            GoodsRow(
                one.code, one.name, "yes" if one.is_subscription else "", [term.value for term in one.shown]
            )
            for one in advertisement(campaign).goods
        ],
    )


def _posted(items: Sequence[tuple[str, str]]) -> CampaignForm:
    """``goods-code`` opens a row of goods; rows without code and name are dropped."""
    form = CampaignForm()
    for name, value in items:
        typed = one_line(value)
        if name in {"code", "name", "first_day", "last_day", "number", "allows"}:
            setattr(form, name, typed)
        elif name == "goods-code":
            form.goods.append(GoodsRow(code=code_like(typed)))
        elif form.goods and name in {"goods-name", "goods-subscription"}:
            setattr(form.goods[-1], name.removeprefix("goods-"), typed)
        elif form.goods and name == "goods-shown":
            form.goods[-1].shown.append(typed)
    form.goods = [row for row in form.goods if row.code or row.name]
    return form


def _facts(form: CampaignForm, numbers: Sequence[str]) -> CampaignFacts:
    """Raises InvalidInput for days that are none and a number of somebody else."""
    days: dict[str, date] = {}
    wrong: dict[str, str] = {}
    for name in ("first_day", "last_day"):
        try:
            days[name] = date.fromisoformat(getattr(form, name))
        except ValueError:
            wrong[name] = N_("Please choose a day.")
    if form.number and form.number not in numbers:
        wrong["number"] = N_("This is none of the shop's numbers.")
    if wrong:
        raise InvalidInput(wrong)
    return CampaignFacts(
        code=form.code,
        name=form.name,
        number=form.number,
        allows_solicitation=form.allows == "yes",
        goods=tuple(_goods(row) for row in form.goods),
        **days,
    )


def _goods(row: GoodsRow) -> Advertised:
    shown = frozenset(Term(term) for term in row.shown if term in set(Term))
    return Advertised(code=row.code, name=row.name, is_subscription=row.subscription == "yes", shown=shown)


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    tenant_id: UUID,
    known: Sequence[Campaign],
    form: CampaignForm,
    asked: str,
    wrong: dict[str, str] | None = None,
) -> Template:
    return await show(
        request,
        session,
        await shops.shop(session, tenant_id),
        "scripts_talk/campaigns.html",
        tab="script",
        status=422 if wrong else 200,
        may_write=True,
        known=known,
        form=form,
        asked=asked,
        wrong=wrong or {},
        numbers=[(one.number, one.number) for one in await numbers_of(session, tenant_id)],
        terms=[(term.value, said) for term, said in TERMS.items()],
        blank=GoodsRow(),
    )
