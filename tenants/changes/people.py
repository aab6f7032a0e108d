"""The people of a change, as it keeps them until its day."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from tenants.changes.models import ShopChange
from tenants.contacts import ContactPerson


def kept(people: Sequence[ContactPerson]) -> list[Any]:
    return [asdict(one) | {"id": str(one.id) if one.id else None} for one in people]


def people_of(change: ShopChange) -> list[ContactPerson]:
    """In the order of calling; nobody once the change is decided."""
    listed: list[dict[str, Any]] = change.people or []
    return [ContactPerson(**one | {"id": UUID(one["id"]) if one["id"] else None}) for one in listed]
