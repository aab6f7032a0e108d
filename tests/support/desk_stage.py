"""An agent's desk on stage: shops set up, an agent on their rosters, a call that rings or runs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks import engagements, offers, presence, routing
from desks.models import Desk, Offer, RosterEntry
from desks.values import DeskState, Presence
from interactions import commands as log
from interactions.commands import Opening
from interactions.models import Interaction, Reason
from interactions.values import Channel, EventKind, HandleKind
from nanori.actors import CARRIER, SYSTEM, Actor, ActorKind, Role
from nanori.identity.models import Account
from scripts_talk import versions as scripts
from scripts_talk.steps import CapturedField, Step
from scripts_talk.values import FieldKind
from telephony.models import Call
from telephony.values import CallState
from tenants import commands as shops
from tenants.commands import Profile
from tenants.contacts import ContactPerson, set_contacts
from tenants.models import Tenant
from tests.support.calls import SHOPPER_NUMBER, an_answered_call
from tests.support.people import an_account

TAB = "the tab on stage"
REASONS = (
    ("order", "注文", "Order"), ("delivery", "配送状況", "Where is my parcel"),
    ("change", "変更・取消", "Change or cancel"), ("return", "返品・交換", "Return or exchange"),
    ("product", "商品の問い合わせ", "Product question"), ("other", "その他", "Something else"),
)  # fmt: skip
STEPS = (
    Step(title="名のり", say="ご注文のお電話でしょうか。"),
    Step(
        title="ご注文の確認",
        say="恐れ入りますが、ご注文番号とお名前を伺えますでしょうか。",
        hint="番号がわからないときは、お電話番号とご注文日で探します。",
        fields=(
            CapturedField(
                key="order", label="ご注文番号", kind=FieldKind.ORDER_NUMBER, required=True
            ),
            CapturedField(key="name", label="お名前"),
            CapturedField(
                key="roast", label="焙煎", kind=FieldKind.CHOICE, choices=("浅煎り", "中煎り", "深煎り")
            ),
        ),
    ),
    Step(title="ご用件", say="どのようなご用件でしょうか。"),
    Step(title="復唱", say="復唱いたします。"),
    Step(title="締め", say="本日は私が承りました。お電話ありがとうございました。"),
)  # fmt: skip


@dataclass(kw_only=True)
class Stage:
    """Who and what a scene has."""

    agent: Account
    shops: list[Tenant] = field(default_factory=list)
    desks: dict[UUID, Desk] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        return Actor(kind=ActorKind.AGENT, account_id=self.agent.id)


async def set_stage(
    session: AsyncSession, profiles: list[Profile], *, now: datetime, locale: str = "ja", bare: bool = False
) -> Stage:
    """Shops with all that a call needs (nothing of it when ``bare``), and one agent for all of them."""
    made = [await shops.create_shop(session, f"shop-{uuid7().hex[-8:]}", one, now=now) for one in profiles]
    agent = await an_account(
        session, Role.AGENT, shops=[shop.tenant_id for shop in made], now=now, locale=locale
    )
    stage = Stage(agent=agent, shops=made)
    for shop in made:
        if not bare:
            await _furnish(session, stage, shop, now)
    await session.flush()
    return stage


async def _furnish(session: AsyncSession, stage: Stage, shop: Tenant, now: datetime) -> None:
    desk = Desk(
        tenant_id=shop.tenant_id, id=uuid7(), name="注文・配送デスク", state=DeskState.OPEN,
        ring_seconds=20, wrapup_seconds=300, max_wait_seconds=600, created_at=now,
    )  # fmt: skip
    session.add(desk)
    await session.flush()
    session.add(
        RosterEntry(tenant_id=shop.tenant_id, id=uuid7(), desk_id=desk.id, agent_id=stage.agent.id, level=1)
    )
    stage.desks[shop.tenant_id] = desk
    await shops.adopt_first_phrases(session, shop, now=now)
    await set_contacts(
        session,
        shop.tenant_id,
        [
            ContactPerson(name="山田 店長", phone="+819000000001"),
            ContactPerson(name="鈴木 副店長", phone="+819000000002"),
        ],
    )
    await scripts.put_in_force(session, shop.tenant_id, "受注", STEPS, now=now)
    for position, (code, ja, en) in enumerate(REASONS):
        session.add(
            Reason(
                tenant_id=shop.tenant_id, id=uuid7(), code=code, label_ja=ja, label_en=en, position=position
            )
        )


async def be_ready(session: AsyncSession, stage: Stage, *, now: datetime, tab: str = TAB) -> None:
    """The agent sits down and waits for calls."""
    await presence.take_seat(session, stage.agent.id, tab=tab, now=now)
    await presence.choose_presence(session, stage.agent.id, Presence.READY, reason=None, now=now)


async def caller_waits(
    session: AsyncSession, stage: Stage, shop: Tenant, *, now: datetime, number: str | None = SHOPPER_NUMBER
) -> Call:
    """A caller has heard the greeting and waits for an agent of the shop."""
    known = (
        await log.recognise_shopper(session, shop.tenant_id, HandleKind.PHONE, number, now=now)
        if number
        else None
    )
    desk = stage.desks[shop.tenant_id]
    interaction = await log.open_interaction(
        session, shop.tenant_id, Opening(channel=Channel.PHONE, desk_id=desk.id, shopper_id=known), now=now
    )
    await log.record(session, interaction, EventKind.QUEUED, actor=CARRIER, at=now)
    call = Call(
        tenant_id=shop.tenant_id, id=uuid7(), interaction_id=interaction.id, account_sid="AC" + "0" * 32,
        call_sid="CA" + uuid7().hex, state=CallState.QUEUED, from_number=number, to_number="+815031960001",
        desk_id=desk.id, turn=1, started_at=now, status_rank=0,
    )  # fmt: skip
    session.add(call)
    await session.flush()
    await routing.enqueue(
        session,
        shop.tenant_id,
        desk_id=desk.id,
        interaction_id=interaction.id,
        turn=1,
        enqueued_at=now,
        now=now,
    )
    return call


async def call_rings(session: AsyncSession, stage: Stage, call: Call, *, now: datetime) -> Offer:
    """The waiting caller is offered to the agent, who is ready."""
    made = await routing.route(session, [call.interaction_id], now=now)
    assert [one.agent_id for one in made] == [stage.agent.id]
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(session, interaction, EventKind.OFFERED, actor=SYSTEM, at=now, agent_id=stage.agent.id)
    return await session.get_one(Offer, (call.tenant_id, made[0].offer_id))


async def call_runs(
    session: AsyncSession, stage: Stage, call: Call, offer: Offer, *, now: datetime, tab: str = TAB
) -> Interaction:
    """The agent has accepted, and caller and agent talk."""
    await offers.accept(session, offer.id, agent_id=stage.agent.id, tab=tab, shop_id=call.tenant_id, now=now)
    await offers.joined(session, offer.id, agent_id=stage.agent.id, now=now)
    return await caller_joins(session, stage, call, now=now)


async def caller_joins(session: AsyncSession, stage: Stage, call: Call, *, now: datetime) -> Interaction:
    """As the carrier's reports would have it: the caller is connected to the agent."""
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(
        session, interaction, EventKind.ANSWERED, actor=stage.actor, at=now, agent_id=stage.agent.id
    )
    call.state, call.caller_joined_at = CallState.TALKING, now
    await session.flush()
    return interaction


async def call_ends(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """The caller hangs up; after-call work begins."""
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(session, interaction, EventKind.ENDED, actor=CARRIER, at=now, by="caller")
    call.state, call.ended_at = CallState.CLOSED, now
    await engagements.begin_wrapup(session, call.tenant_id, call.interaction_id, now=now)


async def had_called_before(
    session: AsyncSession, stage: Stage, shop: Tenant, *, now: datetime
) -> Interaction:
    """The same number called the same shop nine days ago."""
    before = await an_answered_call(session, shop.tenant_id, stage.agent.id, at=now - timedelta(days=9))
    await log.save_notes(session, before, "深煎り200gを2袋。次回は挽き方を確認する。")
    return before


async def wrap_up_is_saved(
    session: AsyncSession, stage: Stage, interaction: Interaction, *, now: datetime
) -> None:
    """The agent has finished and takes the next call."""
    await log.wrap_up(session, interaction, reason_id=None, actor=stage.actor, at=now)
    await engagements.finish_engagement(
        session, interaction.tenant_id, interaction.id, agent_id=stage.agent.id, then=Presence.READY, now=now
    )


async def caller_gives_up(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """The caller hangs up before anybody has answered."""
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(session, interaction, EventKind.ABANDONED, actor=CARRIER, at=now)
    call.state, call.ended_at = CallState.CLOSED, now
    await offers.withdraw_waiting(session, call.tenant_id, call.interaction_id, now=now)
