"""A month in the log of one shop, written through the rooms' own commands: each kind of call and mail."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from interactions import commands as log
from interactions.commands import Opening
from interactions.models import Interaction, Reason
from interactions.values import Channel, Direction, EventKind, Outcome, PartyKind
from nanori.actors import CARRIER, SHOPPER, SYSTEM, Actor, ActorKind
from tenants import commands as tenants
from tenants.hours import Span
from tenants.models import Tenant
from tests.reports.months import at
from tests.support.people import a_shop

OCTOBER = date(2026, 10, 1)
MONDAY = date(2026, 10, 5)
Step = tuple[EventKind, float] | tuple[EventKind, float, dict[str, Any]]


class ShopLog:
    """Writes one shop's calls and mails. Seconds are counted from the arrival."""

    def __init__(self, session: AsyncSession, shop: Tenant, agent_id: UUID) -> None:
        self.session, self.shop = session, shop
        self.agent = Actor(kind=ActorKind.AGENT, account_id=agent_id)
        self.agent_id = agent_id

    async def call(
        self, start: datetime, *steps: Step, outcome: Outcome | None = None, **opening: Any
    ) -> Interaction:
        """A call with these events; with an outcome it ends at the time of its last step."""
        one = await log.open_interaction(
            self.session, self.shop.tenant_id, Opening(channel=Channel.PHONE, **opening), now=start
        )
        last = start
        after: list[tuple[EventKind, datetime]] = []
        for kind, second, *data in steps:
            moment = start + timedelta(seconds=second)
            if kind is EventKind.WRAPPED_UP:
                after.append((kind, moment))
                continue
            last = moment
            await self.event(one, kind, moment, **(data[0] if data else {}))
        if outcome is not None:
            await log.close(self.session, one, outcome, actor=SHOPPER, at=last, by="shopper")
        for _, moment in after:
            await log.wrap_up(self.session, one, reason_id=None, actor=self.agent, at=moment)
        return one

    async def event(self, one: Interaction, kind: EventKind, moment: datetime, **data: Any) -> None:
        if kind in {EventKind.ANSWERED, EventKind.OFFERED, EventKind.FIRST_REPLY}:
            data = {"agent_id": self.agent_id, **data}
        actor = self.agent if kind is EventKind.ANSWERED else CARRIER
        await log.record(self.session, one, kind, actor=actor, at=moment, **data)

    async def answered(
        self, start: datetime, *, waits: float = 12, talks: float = 60, **opening: Any
    ) -> Interaction:
        """Greeted for 8 s, answered after ``waits``, wrapped up within 30 s."""
        taken, ends = 8 + waits, 8 + waits + talks
        return await self.call(
            start,
            (EventKind.GUIDANCE_ENDED, 8), (EventKind.QUEUED, 8), (EventKind.OFFERED, 9),
            (EventKind.ANSWERED, taken, {"confirmed_at": start}), (EventKind.CONSULTED, ends),
            (EventKind.WRAPPED_UP, ends + 30),
            outcome=Outcome.ANSWERED, **opening,
        )  # fmt: skip

    async def mail(
        self, start: datetime, *, replied: datetime | None = None, no_action: datetime | None = None,
        **opening: Any,
    ) -> Interaction:  # fmt: skip
        one = await log.open_interaction(
            self.session, self.shop.tenant_id, Opening(channel=Channel.MAIL, **opening), now=start
        )
        if replied:
            await self.event(one, EventKind.FIRST_REPLY, replied)
            await log.close(self.session, one, Outcome.REPLIED, actor=self.agent, at=replied, by="agent")
        if no_action:
            await log.close(self.session, one, Outcome.NO_ACTION, actor=SYSTEM, at=no_action, by="system")
        return one

    async def reason(self, code: str, ja: str, en: str) -> Reason:
        reason = Reason(
            tenant_id=self.shop.tenant_id, code=code, label_ja=ja, label_en=en, position=1, retired_at=None
        )
        self.session.add(reason)
        await self.session.flush()
        return reason


async def an_open_shop(session: AsyncSession, *, slug: str = "minato-coffee") -> Tenant:
    """Open nine to six on weekdays; a target of four open hours for mails."""
    shop = await a_shop(session, slug=slug)
    await tenants.set_hours(session, shop.tenant_id, {day: (Span(540, 1080),) for day in range(5)})
    await tenants.agree_terms(
        session, shop, tenants.Terms(mail_within_minutes=240), now=at(date(2026, 1, 1), 9)
    )
    return shop


async def every_kind(book: ShopLog) -> None:
    """October in small: each class of call, each fate of a mail."""
    morning = at(MONDAY, 10)
    minutes = iter(range(1, 60))

    def then() -> datetime:
        return morning + timedelta(minutes=next(minutes))

    delivery = await book.reason("delivery", "配送状況", "Delivery")
    first = await book.answered(then(), waits=12)
    await log.set_reason(book.session, first, delivery.id)
    await book.answered(then(), waits=20)
    await book.answered(then(), waits=20.001)
    await _held_and_escalated(book, then(), delivery)
    queue: tuple[Step, ...] = ((EventKind.GUIDANCE_ENDED, 8), (EventKind.QUEUED, 8))
    for gone in (12.0, 20.0, 70.0):
        await book.call(then(), *queue, (EventKind.ABANDONED, gone), outcome=Outcome.ABANDONED)
    missed = (EventKind.OFFERED, 9), (EventKind.OFFER_MISSED, 29), (EventKind.LEFT_QUEUE, 90)
    await book.call(then(), *queue, *missed, outcome=Outcome.OVERFLOW)
    await book.call(then(), (EventKind.GUIDANCE_ENDED, 8))
    await book.call(then(), (EventKind.CONSULTED, 3), outcome=Outcome.ABANDONED)
    await book.answered(then(), party=PartyKind.TEST)
    await book.answered(then(), direction=Direction.OUTBOUND)
    night = at(MONDAY, 20)
    shut: Step = (EventKind.GUIDANCE_ENDED, 0, {"why": "out_of_hours"})
    await book.call(night, shut, (EventKind.CONSULTED, 9), outcome=Outcome.OUT_OF_HOURS)
    await book.call(
        night, shut, (EventKind.VOICEMAIL_LEFT, 40, {"seconds": 30}), outcome=Outcome.OUT_OF_HOURS
    )
    await _mails(book)


async def a_few(book: ShopLog) -> None:
    """Eight offered calls of an October, four of them answered, and an open mail: quick to write."""
    morning = at(MONDAY, 10)
    delivery = await book.reason("delivery", "配送状況", "Delivery")
    first, *_ = [await book.answered(morning + timedelta(minutes=minute)) for minute in range(4)]
    await log.set_reason(book.session, first, delivery.id)
    queue: tuple[Step, ...] = ((EventKind.QUEUED, 8), (EventKind.OFFERED, 9), (EventKind.OFFER_MISSED, 11))
    for gone in (12.0, 20.0, 70.0):
        await book.call(morning, *queue, (EventKind.ABANDONED, gone), outcome=Outcome.ABANDONED)
    await book.call(morning, *queue, (EventKind.LEFT_QUEUE, 90), outcome=Outcome.OVERFLOW)
    await book.mail(at(date(2026, 10, 30), 10))


async def _held_and_escalated(book: ShopLog, start: datetime, reason: Reason) -> None:
    one = await book.call(
        start,
        (EventKind.QUEUED, 8), (EventKind.OFFERED, 9), (EventKind.OFFER_MISSED, 24), (EventKind.OFFERED, 24),
        (EventKind.ANSWERED, 38), (EventKind.HELD, 98), (EventKind.ESCALATED, 100),
        (EventKind.ESCALATION_ACKNOWLEDGED, 130), (EventKind.RESUMED, 138),
        (EventKind.CONNECTED_CONTACT, 150), (EventKind.TRANSFERRED, 160), (EventKind.CONSULTED, 300),
        (EventKind.WRAPPED_UP, 200),
        outcome=Outcome.ANSWERED,
    )  # fmt: skip
    await log.set_reason(book.session, one, reason.id)


async def _mails(book: ShopLog) -> None:
    await book.mail(at(MONDAY, 10), replied=at(MONDAY, 13))
    await book.mail(at(MONDAY, 16), replied=at(date(2026, 10, 6), 14))
    await book.mail(at(date(2026, 9, 30), 17), replied=at(date(2026, 10, 1), 10))
    await book.mail(at(MONDAY, 11), no_action=at(MONDAY, 12))
    await book.mail(at(MONDAY, 11), no_action=at(MONDAY, 11), party=PartyKind.BOT)
    await book.mail(at(date(2026, 7, 1), 11), no_action=at(date(2026, 7, 2), 11))
    await book.mail(at(date(2026, 7, 1), 12))
    await book.mail(at(date(2026, 10, 30), 10))
    await book.mail(at(date(2026, 10, 30), 17), replied=at(date(2026, 11, 2), 9))
