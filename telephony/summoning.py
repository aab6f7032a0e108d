"""Sends what is to be rung or texted about questions, outside of any transaction, and settles the answers."""

import asyncio
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from interactions.questions.jobs import ReachByTelephone
from interactions.questions.models import QuestionReach, ShopQuestion
from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation
from nanori.messages import handles
from nanori.words import N_, words_for
from telephony.carrier_errors import CarrierError, CarrierUnknown
from telephony.commands import summoning
from telephony.ports import CARRIER
from telephony.summons_models import Summons
from telephony.urls import Urls
from telephony.values import SummonsState
from telephony.verdicts import NOTHING_HAPPENED
from tenants.escalation.values import Medium
from tenants.queries import shop as shop_by_id

TEXT = N_("[{shop}] A question from the desk waits for your answer (#{number}): {link}")


@handles(ReachByTelephone)
async def reach_by_telephone(session: AsyncSession, job: ReachByTelephone) -> None:
    """Write down whom to ring or text; the worker looks each second."""
    reach = await session.get(QuestionReach, (job.tenant_id, job.reach_id))
    if reach is not None:
        await summoning.begin(session, job.tenant_id, job.reach_id, now=reach.at)


async def send_summonses(house: Installation, now: datetime) -> None:
    """Ring and text whoever is due."""
    async with across_shops(house.worker) as session:
        claimed = await summoning.claim(session, now=now)
    await asyncio.gather(*(_send(house, one, now) for one in claimed))


async def _send(house: Installation, one: Summons, now: datetime) -> None:
    body = await _text(house, one) if one.medium is Medium.SMS else ""
    problem: CarrierError | None = None
    sid = ""
    try:
        sid = await _ask(house, one, body)
    except CarrierError as error:
        problem = error
    async with unit_of_work(house.worker, [one.tenant_id]) as session:
        key = (one.tenant_id, one.id)
        row = await session.get_one(Summons, key, with_for_update=True, populate_existing=True)
        if problem is None:
            await summoning.sent(session, row, sid, now=now)
        elif isinstance(problem, NOTHING_HAPPENED) and row.attempts < summoning.MAX_ATTEMPTS:
            await summoning.put_back(session, row, now=now)
        else:
            how = "unknown" if isinstance(problem, CarrierUnknown) else "failed"
            await summoning.settle(session, row, SummonsState.FAILED, how, now=now)


async def _ask(house: Installation, one: Summons, body: str) -> str:
    """One request; the id under which the carrier reports about it."""
    urls, carrier = Urls(house.settings.public_url), house.port(CARRIER)
    status_url = urls.summons(one.tenant_id, one.id, "status")
    if one.medium is Medium.SMS:
        return await carrier.text(to=one.to, sender=one.sender, body=body, status_url=status_url)
    return await carrier.dial(
        to=one.to, caller_id=one.sender, url=urls.summons(one.tenant_id, one.id, "screen"),
        status_url=status_url, ring_seconds=summoning.RING_SECONDS, limit_seconds=summoning.LONGEST_SECONDS,
    )  # fmt: skip


async def _text(house: Installation, one: Summons) -> str:
    """Names the shop and the number of the question, and nobody."""
    async with unit_of_work(house.worker, [one.tenant_id]) as session:
        shop = await shop_by_id(session, one.tenant_id)
        reach = await session.get_one(QuestionReach, (one.tenant_id, one.reach_id))
        question = await session.get_one(ShopQuestion, (one.tenant_id, reach.question_id))
        link = f"{house.settings.public_url}/shop-questions"
        values = {"shop": shop.brand_name, "number": question.number, "link": link}
        return words_for(shop.locale).gettext(TEXT, **values)
