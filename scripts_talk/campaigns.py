"""The shop's advertisements: which of them may have made somebody call, and what they showed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.errors import InvalidInput
from nanori.text import code_like, one_line
from nanori.words import N_
from scripts_talk.errors import CampaignIsUsed, NoSuchCampaign
from scripts_talk.models import Campaign, ScriptTalk
from scripts_talk.upsell import Advertised, Advertisement, Term
from tenants.commands import lock_shop


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFacts:
    """A campaign as it is entered. ``number`` is E.164, empty for callers of every number."""

    code: str
    name: str
    first_day: date
    last_day: date
    number: str = ""
    goods: tuple[Advertised, ...] = ()
    allows_solicitation: bool = False


async def campaigns_of(session: AsyncSession, tenant_id: UUID) -> list[Campaign]:
    """The shop's campaigns, the latest first."""
    asked = select(Campaign).where(Campaign.tenant_id == tenant_id)
    return list(await session.scalars(asked.order_by(Campaign.first_day.desc(), Campaign.code)))


def behind_a_call(campaigns: Iterable[Campaign], *, number: str, day: date) -> list[Advertisement]:
    """Those that may have made the shopper call this number on this day (of the shop's zone).

    A campaign with a number of its own explains every call to it; else any that runs without one may.
    """
    running = [one for one in campaigns if one.ended_at is None and one.first_day <= day <= one.last_day]
    own = [one for one in running if one.number and one.number == number]
    return [advertisement(one) for one in own or [one for one in running if not one.number]]


def advertisement(campaign: Campaign) -> Advertisement:
    return Advertisement(
        code=campaign.code,
        goods=tuple(_goods(one) for one in campaign.goods),
        allows_solicitation=campaign.allows_solicitation,
    )


async def set_campaign(
    session: AsyncSession,
    tenant_id: UUID,
    facts: CampaignFacts,
    *,
    campaign_id: UUID | None = None,
    now: datetime,
) -> Campaign:
    """Enter a campaign, or change the one with this id.

    Raises:
        InvalidInput: ``code``, ``name``, ``last_day`` or ``goods``.
    """
    await lock_shop(session, tenant_id)
    known = await campaigns_of(session, tenant_id)
    if wrong := _problems(facts, [one.code for one in known if one.id != campaign_id]):
        raise InvalidInput(wrong)
    campaign = next((one for one in known if one.id == campaign_id), None)
    if campaign is None:
        campaign = Campaign(tenant_id=tenant_id, id=uuid7(), created_at=now)
        session.add(campaign)
    campaign.code, campaign.name = code_like(facts.code), one_line(facts.name)
    campaign.first_day, campaign.last_day, campaign.number = facts.first_day, facts.last_day, facts.number
    campaign.goods = [_stored(one) for one in facts.goods]
    campaign.allows_solicitation = facts.allows_solicitation
    await session.flush()
    return campaign


async def end_campaign(
    session: AsyncSession, tenant_id: UUID, campaign_id: UUID, *, now: datetime
) -> Campaign:
    """Nobody calls because of it from now on; calls that did keep what it showed. Twice is no error.

    Raises:
        NoSuchCampaign: not of this shop.
    """
    campaign = await _locked(session, tenant_id, campaign_id)
    if campaign.ended_at is None:
        campaign.ended_at = now
        await session.flush()
    return campaign


async def delete_campaign(session: AsyncSession, tenant_id: UUID, campaign_id: UUID) -> None:
    """Take away a campaign that no call came by.

    Raises:
        NoSuchCampaign: not of this shop.
        CampaignIsUsed: calls keep what it showed.
    """
    campaign = await _locked(session, tenant_id, campaign_id)
    of_call = ScriptTalk.moment["campaigns"].contains([campaign.code])
    used = select(ScriptTalk.id).where(ScriptTalk.tenant_id == tenant_id, of_call)
    if await session.scalar(used.limit(1)) is not None:
        raise CampaignIsUsed
    await session.delete(campaign)
    await session.flush()


async def _locked(session: AsyncSession, tenant_id: UUID, campaign_id: UUID) -> Campaign:
    await lock_shop(session, tenant_id)
    campaign = await session.get(Campaign, (tenant_id, campaign_id), populate_existing=True)
    if campaign is None:
        raise NoSuchCampaign
    return campaign


def _problems(facts: CampaignFacts, taken: Sequence[str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not code_like(facts.code):
        wrong["code"] = N_("Please give the campaign a short code.")
    elif code_like(facts.code) in taken:
        wrong["code"] = N_("Another campaign of this shop has this code.")
    if not facts.name:
        wrong["name"] = N_("Please name the campaign.")
    if facts.last_day < facts.first_day:
        wrong["last_day"] = N_("The campaign ends before it begins.")
    pairs = [(one.code, one.is_subscription) for one in facts.goods]
    if len(pairs) != len(set(pairs)):
        wrong["goods"] = N_("The same goods stand here twice.")
    elif not all(one.code and one.name for one in facts.goods):
        wrong["goods"] = N_("Please give all goods a code and a name.")
    return wrong


def _stored(one: Advertised) -> dict[str, Any]:
    terms = sorted(term.value for term in one.shown)
    return {"code": one.code, "name": one.name, "is_subscription": one.is_subscription, "shown": terms}


def _goods(stored: dict[str, Any]) -> Advertised:
    return Advertised(
        code=stored["code"],
        name=stored["name"],
        is_subscription=stored["is_subscription"],
        shown=frozenset(Term(term) for term in stored["shown"]),
    )
