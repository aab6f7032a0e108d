"""Mails to a shop's own people: a question waits for them. They name no shopper."""

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.questions.jobs import ReachByMail
from interactions.questions.models import QuestionReach, ShopQuestion
from mailroom.addresses import Address
from mailroom.models import Outgoing
from mailroom.posting import Notice, post_notice
from nanori.live import WORK, announce
from nanori.messages import handles
from nanori.words import N_, words_for
from tenants.queries import addresses_of
from tenants.queries import shop as shop_by_id


@handles(ReachByMail)
async def write_to_shop(session: AsyncSession, job: ReachByMail) -> None:
    """Put one mail for each person of the try into the outbox; once, however often it is asked."""
    key = (job.tenant_id, job.reach_id)
    reach = await session.get(QuestionReach, key, with_for_update=True)
    if reach is None or reach.failure is not None or await session.get(Outgoing, key) is not None:
        return
    senders = await addresses_of(session, job.tenant_id)
    if not senders:
        reach.failure = "no_sender"
        await session.flush()
        return
    question = await session.get_one(ShopQuestion, (job.tenant_id, reach.question_id))
    shop = await shop_by_id(session, job.tenant_id)
    words = words_for(shop.locale)
    values = {"number": question.number, "subject": question.subject, "shop": shop.brand_name}
    subject = words.gettext(N_("[{shop}] A question waits for your answer (#{number})"), **values)
    text = words.gettext(
        N_(
            "About #{number} ({subject}) the desk needs your word."
            " Please sign in and answer under “Questions from the desk”."
        ),
        **values,
    )
    for number, person in enumerate(reach.people):
        notice = Notice(
            sender=Address(senders[0].address, shop.brand_name), to=Address(person["to"], person["name"]),
            subject=subject, text=text, at=reach.at,
        )  # fmt: skip
        await post_notice(session, job.tenant_id, uuid7() if number else reach.id, notice)
    await announce(session, WORK, "mail")
