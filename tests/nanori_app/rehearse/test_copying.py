"""A shop's set-up is copied as it is, and only read."""

from dataclasses import replace
from datetime import date

import pytest

from nanori.installation import Installation
from nanori_app.rehearse.copying import copy_of
from nanori_app.rehearse.setting import set_up_shops
from nanori_app.rehearse.shops import invented_shops
from tenants.commands import SpecialDate
from tenants.errors import ShopNotFound
from tenants.hours import Span
from tests.support.clock import START


async def test_a_copy_equals_what_was_set_up(clone: Installation) -> None:
    first, second = invented_shops(2)
    special = SpecialDate(on=date(2026, 12, 31), spans=(Span(600, 720),), label="")
    await set_up_shops(clone, [replace(first, days=[special]), second], now=START)
    copied = await copy_of(clone.settings, second.slug)
    assert replace(copied, phrases=sorted(copied.phrases)) == replace(
        second,
        steps=copied.steps,
        week=copied.week,
        days=list(second.days),
        reasons=list(second.reasons),
        phrases=sorted(second.phrases),
    )
    assert {day: spans for day, spans in copied.week.items() if spans} == second.week
    assert [step.title for step in copied.steps] == [step.title for step in second.steps]
    assert (await copy_of(clone.settings, first.slug)).days == [special]


async def test_an_unknown_shop_is_refused(clone: Installation) -> None:
    with pytest.raises(ShopNotFound):
        await copy_of(clone.settings, "nobody")
