"""Whose number, address or call is this?"""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import directory
from nanori.directory import AlreadyPromised, Found, Kind
from tests.support.clock import START

NUMBER = "+815031960001"


async def test_a_number_leads_to_its_shop_before_any_shop_is_bound(session: AsyncSession) -> None:
    shop = uuid7()
    await directory.promise(session, Kind.NUMBER, NUMBER, shop_id=shop)

    assert await directory.look_up(session, Kind.NUMBER, NUMBER) == Found(shop, None)
    assert await directory.look_up(session, Kind.MAIL_ADDRESS, NUMBER) is None


async def test_a_number_is_promised_once_and_the_refusal_does_not_say_to_whom(session: AsyncSession) -> None:
    first = uuid7()
    await directory.promise(session, Kind.NUMBER, NUMBER, shop_id=first)
    await directory.promise(session, Kind.NUMBER, NUMBER, shop_id=first)
    with pytest.raises(AlreadyPromised) as refusal:
        await directory.promise(session, Kind.NUMBER, NUMBER, shop_id=uuid7())

    assert str(first) not in str(refusal.value)


async def test_only_its_owner_gives_a_number_back(session: AsyncSession) -> None:
    shop, other = uuid7(), uuid7()
    await directory.promise(session, Kind.NUMBER, NUMBER, shop_id=shop)
    await directory.release(session, Kind.NUMBER, NUMBER, shop_id=other)
    kept = await directory.look_up(session, Kind.NUMBER, NUMBER)
    await directory.release(session, Kind.NUMBER, NUMBER, shop_id=shop)

    assert kept is not None
    assert await directory.look_up(session, Kind.NUMBER, NUMBER) is None


async def test_shops_are_listed_by_their_short_names(session: AsyncSession) -> None:
    second, first = uuid7(), uuid7()
    await directory.promise(session, Kind.SHOP, "zz-tea", shop_id=second)
    await directory.promise(session, Kind.SHOP, "aa-tea", shop_id=first)
    await directory.promise(session, Kind.NUMBER, NUMBER, shop_id=uuid7())

    assert await directory.all_shops(session) == [first, second]


async def test_a_number_given_back_rests_before_another_shop_gets_it(session: AsyncSession) -> None:
    """Its former shop can have it back at any time; who asks without a date gets nothing."""
    shop, other, free_at = uuid7(), uuid7(), START + timedelta(days=90)
    await directory.promise(session, Kind.NUMBER, NUMBER, shop_id=shop)
    await directory.release(session, Kind.NUMBER, NUMBER, shop_id=shop, free_at=free_at)
    rests = await directory.look_up(session, Kind.NUMBER, NUMBER)
    for now in (None, START, free_at - timedelta(seconds=1)):
        with pytest.raises(AlreadyPromised):
            await directory.promise(session, Kind.NUMBER, NUMBER, shop_id=other, now=now)
    await directory.promise(session, Kind.NUMBER, NUMBER, shop_id=shop)
    back = await directory.look_up(session, Kind.NUMBER, NUMBER)
    await directory.release(session, Kind.NUMBER, NUMBER, shop_id=shop, free_at=free_at)
    await directory.promise(session, Kind.NUMBER, NUMBER, shop_id=other, now=free_at)

    session.expire_all()
    assert rests is None
    assert back == Found(shop, None)
    assert await directory.look_up(session, Kind.NUMBER, NUMBER) == Found(other, None)
