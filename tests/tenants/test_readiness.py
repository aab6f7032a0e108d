from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from tenants.readiness import Check, ShopFacts, may_take_calls, missing, readiness

COMPLETE = ShopFacts(
    tenant_id=uuid4(), brand_name="ミナト珈琲", brand_reading="みなとこーひー", has_phrase=True,
    has_phrase_after_wait=True, has_hours=True, has_number=True, has_address=True, has_contact=True,
    has_terms=True, has_closed_message=True, has_logo=True,
)  # fmt: skip


def lacking(fact: str) -> ShopFacts:
    changed: dict[str, Any] = {fact: False}
    return replace(COMPLETE, **changed)


def test_a_complete_shop_may_take_calls() -> None:
    assert may_take_calls(readiness(COMPLETE))
    assert missing(readiness(COMPLETE)) == 0


@pytest.mark.parametrize(
    "fact", ["has_phrase", "has_hours", "has_number", "has_contact", "has_terms", "has_closed_message"]
)
def test_each_needed_thing_alone_stops_calls_and_comes_first(fact: str) -> None:
    checks = readiness(lacking(fact))

    assert not may_take_calls(checks)
    assert missing(checks) == 1
    assert not checks[0].done
    assert checks[0].page


def test_advice_does_not_stop_calls() -> None:
    checks = readiness(replace(COMPLETE, has_logo=False, has_address=False, similar_brands=("花影",)))

    assert may_take_calls(checks)
    assert [check.key for check in checks if not check.done] == ["address", "logo", "colour"]


def test_higher_rooms_add_their_own_needs() -> None:
    script = Check(key="script", done=False, lacking="No script")

    assert not may_take_calls(readiness(COMPLETE, [script]))
