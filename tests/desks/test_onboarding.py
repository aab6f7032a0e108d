"""An agent's way into a shop: the steps by themselves, and the facts behind them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from desks import profiles
from desks.onboarding import Facts, StepKey, is_ready, steps
from desks.onboarding_facts import confirm_reading, facts_of
from desks.profiles import Profile, Skill
from desks.values import Reading
from nanori.errors import InvalidInput
from scripts_talk.knowledge import commands as articles
from scripts_talk.knowledge.commands import Wording
from scripts_talk.knowledge.values import ArticleKind
from tenants import commands as shops
from tests.support.clock import START
from tests.support.people import a_shop, certify
from tests.telephony.conftest import a_desk, an_agent

LATER = START + timedelta(hours=1)
READY = Facts(
    on_roster=True, trained=True, phrases_since=START, phrases_read=START, script_since=START,
    script_read=START, has_quiz=True, certified=True, has_answered=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "key"),
    [
        ({"on_roster": False}, StepKey.ROSTER),
        ({"phrases_read": None}, StepKey.PHRASES),
        ({"phrases_since": LATER}, StepKey.PHRASES),
        ({"unread_notices": 1}, StepKey.NOTICES),
        ({"certified": False}, StepKey.QUIZ),
        ({"trained": False}, StepKey.TRAINED),
        ({"has_answered": False}, StepKey.TEST_CALL),
    ],
)
def test_each_fact_alone_holds_an_agent_back(fact: dict[str, object], key: StepKey) -> None:
    assert is_ready(steps(READY))
    assert [step.key for step in steps(replace(READY, **fact)) if not step.done] == [key]  # type: ignore[arg-type] # named by the test


def test_an_answered_call_shows_that_the_script_is_known() -> None:
    assert is_ready(steps(replace(READY, script_read=None)))
    for read, since in ((None, START), (START, LATER)):
        facts = replace(READY, script_read=read, script_since=since, has_answered=False)
        left = [step.key for step in steps(facts) if not step.done]
        assert left == [StepKey.SCRIPT, StepKey.TEST_CALL]


@given(
    facts=st.builds(
        Facts, unread_notices=st.integers(0, 3), phrases_since=st.none(), script_since=st.none(),
        on_roster=st.booleans(), trained=st.booleans(), has_quiz=st.booleans(), certified=st.booleans(),
    )
)  # fmt: skip
def test_what_a_shop_does_not_have_is_not_asked_for(facts: Facts) -> None:
    keys = [step.key for step in steps(facts)]
    assert StepKey.PHRASES not in keys
    assert StepKey.SCRIPT not in keys
    assert (StepKey.QUIZ in keys) is facts.has_quiz
    assert len(keys) == len(set(keys))


async def test_facts_follow_what_happens(session: AsyncSession) -> None:
    shop = await a_shop(session)
    agent = await an_agent(session, shop, await a_desk(session, shop))
    pair = (shop.tenant_id, agent.id)
    await shops.adopt_first_phrases(session, shop, now=START)
    draft = await articles.add_article(
        session, shop.tenant_id, ArticleKind.NOTICE, Wording(title="年末", body="29日まで"), by=agent.id,
        now=START,
    )  # fmt: skip
    notice = await articles.publish_draft(session, shop.tenant_id, draft.article_id, now=START)

    before = (await facts_of(session, now=LATER))[pair]
    assert (before.phrases_since, before.phrases_read, before.unread_notices) == (START, None, 1)
    await confirm_reading(session, *pair, Reading.PHRASES, now=START)
    await confirm_reading(session, *pair, Reading.PHRASES, now=LATER)
    await articles.confirm_read(session, notice, agent_id=agent.id, now=LATER)
    await certify(session, *pair, until=LATER + timedelta(days=1))

    after = (await facts_of(session, now=LATER, agent_id=agent.id))[pair]
    assert (after.phrases_read, after.unread_notices, after.certified) == (LATER, 0, True)
    assert [step.key for step in steps(after) if not step.done] == [StepKey.TEST_CALL]
    assert not (await facts_of(session, now=LATER + timedelta(days=1)))[pair].certified


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        (Profile(languages=("xx",)), "languages"),
        (Profile(skills=(Skill("返品", 1), Skill("返品", 2))), "skills"),
        (Profile(skills=(Skill("返品", 0),)), "skills"),
        (Profile(mails_at_once=0), "mails_at_once"),
    ],
)
def test_a_profile_that_means_nothing_is_refused(profile: Profile, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        profiles.check(profile)
    assert list(refusal.value.fields) == [field]
