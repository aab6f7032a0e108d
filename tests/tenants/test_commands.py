import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.db import across_shops
from nanori.errors import InvalidInput
from nanori.files import FileStore
from nanori.installation import Installation
from tenants import commands, queries
from tenants.calendars import calendar_of
from tenants.commands import Profile, SpecialDate, Terms
from tenants.contacts import ContactPerson, set_contacts
from tenants.errors import ShopNotFound
from tenants.hours import Span, spans_on
from tenants.values import DayPart, ServiceLevelLetter, Situation
from tests.support.clock import START
from tests.support.people import a_shop

PROFILE = Profile(
    legal_name="株式会社ミナト珈琲", brand_name="ミナト珈琲", brand_reading="みなとこーひー", colour="#7a3e1d"
)
NORMAL, ALL_DAY = Situation.NORMAL, DayPart.ANY


async def test_a_new_shop_is_found_by_its_short_name(session: AsyncSession) -> None:
    shop = await commands.create_shop(session, "minato-coffee", PROFILE, now=START)

    assert (await queries.shop_by_slug(session, "minato-coffee")).tenant_id == shop.tenant_id
    assert shop.zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    "slug", ["", "a", "Minato", "minato coffee", "-minato", "minato-", "x" * 41, "みなと"]
)
async def test_a_badly_formed_short_name_is_refused(session: AsyncSession, slug: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await commands.create_shop(session, slug, PROFILE, now=START)

    assert list(refusal.value.fields) == ["slug"]


async def test_a_short_name_is_given_once(session: AsyncSession) -> None:
    await commands.create_shop(session, "minato-coffee", PROFILE, now=START)

    with pytest.raises(InvalidInput):
        await commands.create_shop(session, "minato-coffee", PROFILE, now=START)


async def test_a_reworded_phrase_is_a_new_version_and_the_same_words_are_not(session: AsyncSession) -> None:
    shop = await a_shop(session)
    said = [
        await commands.set_phrase(session, shop.tenant_id, NORMAL, ALL_DAY, text=text, now=START)
        for text in ("はい。", "はい。", "お電話ありがとうございます。", "")
    ]

    assert said == [1, 1, 2, None]
    assert await queries.phrases_of(session, shop.tenant_id) == []


async def test_a_retired_phrase_comes_back_under_the_next_version(session: AsyncSession) -> None:
    shop = await a_shop(session)
    for text in ("はい。", "", "はい。"):
        version = await commands.set_phrase(session, shop.tenant_id, NORMAL, ALL_DAY, text=text, now=START)

    assert version == 2
    assert [phrase.version for phrase in await queries.phrases_of(session, shop.tenant_id)] == [2]


async def test_hours_are_replaced_as_a_whole(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await commands.set_hours(session, shop.tenant_id, {0: (Span(540, 1080),), 1: (Span(540, 1080),)})
    holiday = SpecialDate(on=date(2026, 12, 31), label="大晦日")
    sale = SpecialDate(on=date(2026, 11, 27), spans=(Span(0, 600), Span(660, 1440)))

    await commands.set_hours(session, shop.tenant_id, {0: (Span(600, 700), Span(540, 600))}, [holiday, sale])
    calendar = await calendar_of(session, shop)

    assert spans_on(calendar, date(2026, 11, 9)) == (Span(540, 600), Span(600, 700))
    assert spans_on(calendar, date(2026, 11, 10)) == ()
    assert spans_on(calendar, date(2026, 12, 31)) == ()
    assert spans_on(calendar, date(2026, 11, 27)) == (Span(0, 600), Span(660, 1440))


async def test_hours_that_make_no_sense_are_refused_and_the_old_ones_stay(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await commands.set_hours(session, shop.tenant_id, {0: (Span(540, 1080),)})
    twice = [SpecialDate(on=date(2026, 12, 31)), SpecialDate(on=date(2026, 12, 31))]

    with pytest.raises(InvalidInput) as refusal:
        await commands.set_hours(
            session, shop.tenant_id, {0: (Span(600, 500),), 2: (Span(0, 60), Span(30, 90))}, twice
        )

    assert set(refusal.value.fields) == {"day-0", "day-2", "special-2026-12-31"}
    assert (await calendar_of(session, shop)).week == {0: (Span(540, 1080),)}


async def test_a_number_rings_for_one_shop_and_the_refusal_names_nobody(session: AsyncSession) -> None:
    minato, hanakage = await a_shop(session), await a_shop(session, brand="花影フラワー")
    await commands.add_number(session, minato.tenant_id, "+815031960001")

    with pytest.raises(InvalidInput) as refusal:
        await commands.add_number(session, hanakage.tenant_id, "+815031960001")

    assert refusal.value.fields == {"number": "This number or address cannot be used."}


async def test_a_removed_number_may_ring_for_another_shop(session: AsyncSession) -> None:
    minato, hanakage = await a_shop(session), await a_shop(session, brand="花影フラワー")
    number = await commands.add_number(session, minato.tenant_id, "+815031960001")

    await commands.remove_number(session, minato.tenant_id, number.id)
    await commands.remove_number(session, minato.tenant_id, number.id)
    await commands.add_number(session, hanakage.tenant_id, "+815031960001")

    assert await queries.numbers_of(session, minato.tenant_id) == []


async def test_an_address_belongs_to_one_shop(session: AsyncSession) -> None:
    minato, hanakage = await a_shop(session), await a_shop(session, brand="花影フラワー")
    address = await commands.add_address(session, minato.tenant_id, "support@minato-coffee.example")

    for shop in (minato, hanakage):
        with pytest.raises(InvalidInput):
            await commands.add_address(session, shop.tenant_id, "support@minato-coffee.example")
    await commands.remove_address(session, minato.tenant_id, address.id)

    assert await queries.addresses_of(session, minato.tenant_id) == []


async def test_contacts_are_called_in_the_order_given(session: AsyncSession) -> None:
    shop = await a_shop(session)
    first, second = (ContactPerson(name=name, phone="+819012345678") for name in ("店長", "副店長"))
    await set_contacts(session, shop.tenant_id, [first, second])
    await set_contacts(session, shop.tenant_id, [second, first])

    contacts = await queries.contacts_of(session, shop.tenant_id)

    assert [(contact.position, contact.name) for contact in contacts] == [(1, "副店長"), (2, "店長")]


async def test_new_terms_hold_from_today_and_leave_the_past_as_it_was(session: AsyncSession) -> None:
    shop = await a_shop(session)
    later = START + timedelta(days=30)
    await commands.agree_terms(session, shop, Terms(), now=START)
    await commands.agree_terms(session, shop, Terms(letter=ServiceLevelLetter.D), now=later)

    before = await queries.terms_on(session, shop.tenant_id, (later - timedelta(days=1)).date())
    after = await queries.terms_on(session, shop.tenant_id, later.date())

    assert before is not None
    assert after is not None
    assert (before.letter, after.letter) == (ServiceLevelLetter.A, ServiceLevelLetter.D)


async def test_terms_changed_twice_in_a_day_are_one_agreement(session: AsyncSession) -> None:
    shop = await a_shop(session)
    midnight = datetime(2026, 11, 1, 15, 0, tzinfo=UTC)  # of 2 November in Tokyo

    one = await commands.agree_terms(session, shop, Terms(), now=midnight)
    same = await commands.agree_terms(session, shop, Terms(), now=START)
    other = await commands.agree_terms(session, shop, Terms(target_percent=90), now=START)

    assert one.id == same.id == other.id
    assert (other.valid_from, other.target_percent) == (date(2026, 11, 2), 90)


async def test_readiness_sees_what_is_there(session: AsyncSession, tmp_path: Path) -> None:
    shop = await a_shop(session)
    twin = await a_shop(session, brand="双子珈琲")
    tenant_id, today, store = shop.tenant_id, START.date(), FileStore(tmp_path)
    ids = [tenant_id, twin.tenant_id]
    bare = (await queries.shop_facts(session, [tenant_id], today, store=store))[tenant_id]
    await commands.adopt_first_phrases(session, shop, now=START)
    await commands.set_hours(session, tenant_id, {0: (Span(540, 1080),)})
    await commands.add_number(session, tenant_id, "+815031960001")
    await commands.add_address(session, tenant_id, "support@minato-coffee.example")
    await set_contacts(session, tenant_id, [ContactPerson(name="店長", phone="+819012345678")])
    await commands.agree_terms(session, shop, Terms(), now=START)
    await commands.set_closed_message(session, tenant_id, "閉店中です。")

    full = (await queries.shop_facts(session, ids, today, store=store))[tenant_id]

    assert not any((bare.has_phrase, bare.has_hours, bare.has_number, bare.has_contact, bare.has_terms))
    assert all((full.has_phrase, full.has_hours, full.has_number, full.has_contact, full.has_terms))
    assert full.has_closed_message
    assert full.similar_brands == ("双子珈琲",)


async def test_a_shop_that_is_not_there_is_refused(session: AsyncSession) -> None:
    await a_shop(session)

    with pytest.raises(ShopNotFound):
        await commands.change_profile(session, uuid7(), PROFILE)


async def test_two_people_who_reword_the_same_phrase_take_turns(clone: Installation) -> None:
    async with clone.staff.begin() as session:
        shop = await a_shop(session)

    async def reword(text: str) -> int | None:
        async with across_shops(clone.staff) as session:
            return await commands.set_phrase(session, shop.tenant_id, NORMAL, ALL_DAY, text=text, now=START)

    versions = await asyncio.gather(*(reword(f"{n}番です。") for n in range(5)))

    assert sorted(version or 0 for version in versions) == [1, 2, 3, 4, 5]
