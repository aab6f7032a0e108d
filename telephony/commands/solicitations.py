"""What is sold by a solicitation owes its buyer a document: a case sees that it is sent."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from interactions.cases import open_case
from interactions.models import Interaction
from nanori.words import N_, words_for
from scripts_talk.talks import TalkNow
from scripts_talk.upsell import COOLING_OFF_DAYS, Outcome
from scripts_talk.values import Passage
from tenants.models import Tenant

SENT_WITHIN = timedelta(days=1)
"""The law says without delay."""
SUBJECT = N_("Sold by telephone: send the document of {title}, to be withdrawn for {days} days after it")


async def keep_promise(
    session: AsyncSession, talk: TalkNow, interaction: Interaction, shop: Tenant, key: str, *, now: datetime
) -> None:
    """Open the case, once for each offer that was accepted although no advertisement had shown it.

    ``talk`` is as it was before this acceptance.
    """
    step = talk.shown(key, interaction.captured or {}, shop.locale)
    if step is None or step.verdict is None or step.verdict.passage is not Passage.AS_SOLICITATION:
        return
    if talk.kept is not None and talk.kept.offers.get(key) == Outcome.ACCEPTED:
        return
    subject = words_for(shop.locale).gettext(SUBJECT).format(title=step.title, days=COOLING_OFF_DAYS)
    case = await open_case(
        session, shop.tenant_id, subject=subject, shopper_id=interaction.shopper_id, due_at=now + SENT_WITHIN,
        now=now,
    )  # fmt: skip
    if interaction.case_id is None:
        interaction.case_id = case.id
        await session.flush()
