"""A plan as it lies in the database, and back."""

from typing import Any

import msgspec

from billing.plans.plan import Plan


def stored(plan: Plan) -> dict[str, Any]:
    """As JSON: money with parts of a yen is text, sets are sorted lists."""
    found: dict[str, Any] = msgspec.to_builtins(plan, str_keys=True)
    return found | {"free": sorted(found["free"])}


def read(terms: dict[str, Any]) -> Plan:
    return msgspec.convert(terms, Plan, strict=False)
