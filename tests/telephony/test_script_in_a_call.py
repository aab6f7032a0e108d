"""A call walks through the script: answers decide where it goes, and what its agent was shown is kept."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions import commands as log
from interactions.errors import InteractionNotFound
from interactions.models import Case, Interaction
from nanori.actors import Actor, ActorKind
from scripts_talk import commands, versions
from scripts_talk.campaigns import CampaignFacts, set_campaign
from scripts_talk.conditions import Answer, Condition
from scripts_talk.errors import NotReadOut
from scripts_talk.steps import Branch, CapturedField, Goods, Step, Wording
from scripts_talk.talks import TalkNow, talk_of, told_of
from scripts_talk.upsell import Advertised, Outcome, Term
from scripts_talk.values import FieldKind, Situation, StepKind
from telephony.commands import notes
from telephony.commands.notes import Walked, call_facts
from tenants.commands import Profile
from tenants.models import Tenant
from tests.support import desk_stage as scene
from tests.support.clock import START
from tests.support.desk_stage import Stage

COFFEE = Profile(
    legal_name="株式会社ミナト珈琲", brand_name="ミナト珈琲", brand_reading="みなとこーひー", colour="#7a3e1d"
)
WISH = CapturedField(key="wish", label="ご用件", kind=FieldKind.CHOICE, choices=("注文", "解約"))
POSTAL = CapturedField(key="zip", label="郵便番号", kind=FieldKind.POSTAL_CODE)
WAITED = Condition(situations=frozenset({Situation.AFTER_WAIT}))
STEPS = (
    Step(
        key="ask", title="ご用件", say="ご用件は。", fields=(WISH, POSTAL),
        wordings=(Wording(say="お待たせいたしました。", when=WAITED),),
        branches=(Branch(to="stop", when=Condition(answer=Answer(field="wish", value="解約"))),),
    ),
    Step(
        key="cup", title="器", say="器もいかが。", kind=StepKind.OFFER, goods=Goods(code="CUP")
    ),
    Step(
        key="beans", title="豆", say="豆もいかが。", kind=StepKind.OFFER, then="bye",
        goods=Goods(code="BEANS"),
    ),
    Step(key="stop", title="解約", say="解約を承ります。", kind=StepKind.CANCELLATION),
    Step(key="bye", title="締め", say="失礼いたします。"),
)  # fmt: skip


class OneCall:
    """A call that waited twelve seconds and is being talked."""

    def __init__(self, session: AsyncSession, stage: Stage, interaction: Interaction) -> None:
        self.session, self.stage, self.interaction = session, stage, interaction

    async def walk(self, step: str, *, on: bool = False, outcome: Outcome | None = None) -> dict[str, str]:
        walked = Walked(step=step, goes_on=on, outcome=outcome)
        return await notes.walk_script(
            self.session, self.interaction.id, walked, agent=self.stage.actor, now=START
        )

    async def talk(self) -> TalkNow:
        found = await talk_of(self.session, await call_facts(self.session, self.interaction))
        assert found is not None
        return found

    async def said(self, step: str) -> str:
        shown = (await self.talk()).shown(step, {}, "ja")
        assert shown is not None
        return shown.said

    async def shown(self) -> list[tuple[str, str]]:
        told = await told_of(self.session, self.interaction.tenant_id, self.interaction.id)
        return [(one["step"], one["said"]) for one in told[1].shown] if told else []


@pytest.fixture
async def shop_and_call(session: AsyncSession) -> tuple[Tenant, OneCall]:
    stage = await scene.set_stage(session, [COFFEE], now=START)
    [shop] = stage.shops
    await versions.put_in_force(session, shop.tenant_id, "受注", STEPS, now=START)
    await scene.be_ready(session, stage, now=START)
    call = await scene.caller_waits(session, stage, shop, now=START)
    offer = await scene.call_rings(session, stage, call, now=START)
    later = START + timedelta(seconds=12)
    return shop, OneCall(session, stage, await scene.call_runs(session, stage, call, offer, now=later))


async def test_answers_lead_the_way_and_what_was_shown_stays_as_it_was(
    session: AsyncSession, shop_and_call: tuple[Tenant, OneCall]
) -> None:
    shop, call = shop_and_call
    await call.walk("ask")
    await log.save_captured(session, call.interaction, {"wish": "解約", "zip": "１５０ー０００１"})
    values = await call.walk("ask", on=True)
    await commands.save_draft(session, shop.tenant_id, "受注", [replace(STEPS[4], say="では。")], now=START)
    await versions.put_in_force(session, shop.tenant_id, "受注", [replace(STEPS[4], say="では。")], now=START)
    await call.walk("stop", outcome=Outcome.READ_OUT, on=True)
    await call.walk("bye", on=True)

    assert values == {"wish": "解約", "zip": "150-0001"}
    assert await call.shown() == [
        ("ask", "お待たせいたしました。"), ("stop", "解約を承ります。"), ("bye", "失礼いたします。")
    ]  # fmt: skip
    assert (await call.talk()).trail == ["ask", "stop", "bye"]
    await call.walk("ask")
    assert (await call.talk()).trail == ["ask"]
    assert len(await call.shown()) == 4


async def test_only_what_the_calls_campaign_showed_is_offered_and_nothing_after_a_refusal(
    session: AsyncSession, shop_and_call: tuple[Tenant, OneCall]
) -> None:
    shop, call = shop_and_call
    assert await call.said("beans") == ""
    shown = Advertised(code="BEANS", name="豆", shown=frozenset(Term))
    day = START.date()
    winter = CampaignFacts(
        code="w", name="冬", first_day=day, last_day=day + timedelta(days=1), goods=(shown,)
    )
    made = await set_campaign(session, shop.tenant_id, winter, now=START)
    assert (await call.said("beans"), await call.said("cup")) == ("豆もいかが。", "")

    await set_campaign(
        session, shop.tenant_id, replace(winter, allows_solicitation=True), campaign_id=made.id, now=START
    )
    assert await call.said("cup") == "器もいかが。"
    for _ in range(2):
        await call.walk("beans", outcome=Outcome.ACCEPTED)
        await call.walk("cup", outcome=Outcome.ACCEPTED)
    [case] = await session.scalars(select(Case))
    assert ("器" in case.subject, case.due_at) == (True, START + timedelta(days=1))
    assert call.interaction.case_id == case.id
    await call.walk("cup", outcome=Outcome.REFUSED)
    assert (await call.said("beans"), await call.said("cup")) == ("豆もいかが。", "")


async def test_nobody_comes_past_a_cancellation_before_its_words_were_read_out(
    session: AsyncSession, shop_and_call: tuple[Tenant, OneCall]
) -> None:
    _, call = shop_and_call
    await call.walk("ask")
    await log.save_captured(session, call.interaction, {"wish": "解約"})
    with pytest.raises(NotReadOut):
        await call.walk("bye")  # on the way behind it, though nobody has come so far
    await call.walk("ask", on=True)
    for step, on in (("stop", True), ("bye", False), ("beans", False)):
        with pytest.raises(NotReadOut):
            await call.walk(step, on=on)
    await call.walk("stop", outcome=Outcome.REFUSED)  # says nothing of words
    with pytest.raises(NotReadOut):
        await call.walk("stop", on=True)
    await call.walk("ask")  # back is always possible
    await call.walk("ask", on=True)
    await call.walk("stop", outcome=Outcome.READ_OUT)
    await call.walk("stop", on=True)

    assert (await call.talk()).trail == ["ask", "stop", "bye"]


async def test_nobody_else_walks_in_an_agents_call(
    session: AsyncSession, shop_and_call: tuple[Tenant, OneCall]
) -> None:
    _, call = shop_and_call
    stranger = Actor(kind=ActorKind.AGENT, account_id=uuid4())
    with pytest.raises(InteractionNotFound):
        await notes.walk_script(session, call.interaction.id, Walked(step="ask"), agent=stranger, now=START)
    assert await call.shown() == []
