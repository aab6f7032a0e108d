"""Writes about a shop's escalation contacts. They flush and never commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.errors import InvalidInput
from nanori.messages import send
from nanori.words import N_
from tenants import queries
from tenants.commands import lock_shop
from tenants.escalation.models import OnCall, StepContact
from tenants.events import ContactsChanged
from tenants.models import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPerson:
    name: str
    phone: str  # E.164
    mail: str = ""  # address in lower case
    reading: str = ""
    ring_seconds: int = 20
    is_right: bool = False  # somebody says so of a number that the carrier could not call
    id: UUID | None = None  # of a contact who is known already


async def set_contacts(
    session: AsyncSession, tenant_id: UUID, people: Sequence[ContactPerson], *, now: datetime | None = None
) -> None:
    """Replace the escalation contacts; the order given is the order of calling.

    Who was a contact before, by id or by number, stays the same contact. A number that the carrier could not
    call stays marked until it is another one, or is said to be right.

    Raises:
        InvalidInput: somebody is left out whom a policy names, or who is on call after ``now``.
    """
    await lock_shop(session, tenant_id)
    await replace_contacts(session, tenant_id, people, now=now)


async def replace_contacts(
    session: AsyncSession, tenant_id: UUID, people: Sequence[ContactPerson], *, now: datetime | None = None
) -> None:
    """As :func:`set_contacts`, by a process that cannot hold the shop: of two at once one fails."""
    known = await queries.contacts_of(session, tenant_id)
    marks = {one.phone: one.refused_at for one in known}
    kept = _matched(people, known)
    await _let_go(session, tenant_id, _left_out(kept, known), now=now)
    for position, (person, row) in enumerate(zip(people, kept, strict=True), start=1):
        contact = row or Contact(tenant_id=tenant_id, id=uuid7())
        contact.position, contact.name, contact.reading = position, person.name, person.reading
        contact.phone, contact.mail, contact.ring_seconds = person.phone, person.mail, person.ring_seconds
        contact.refused_at = None if person.is_right else marks.get(person.phone)
        session.add(contact)
    await session.flush()
    if known:
        await send(session, ContactsChanged(tenant_id=tenant_id))


async def check_replaceable(
    session: AsyncSession, tenant_id: UUID, people: Sequence[ContactPerson], *, now: datetime
) -> None:
    """Nothing, when these people could replace the contacts as they are now.

    Raises:
        InvalidInput: as :func:`set_contacts` does.
    """
    known = await queries.contacts_of(session, tenant_id)
    await _check_not_named(session, tenant_id, _left_out(_matched(people, known), known), now=now)


async def mark_contact(session: AsyncSession, tenant_id: UUID, phone: str, *, now: datetime) -> None:
    """The carrier cannot call this number: leave it out from now on."""
    await session.execute(
        update(Contact)
        .where(Contact.tenant_id == tenant_id, Contact.phone == phone, Contact.refused_at.is_(None))
        .values(refused_at=now)
    )


def _matched(people: Sequence[ContactPerson], known: Sequence[Contact]) -> list[Contact | None]:
    """For each person the contact who they are already, each at most once."""
    left = list(known)
    found: list[Contact | None] = []
    for person in people:
        same = [one for one in left if one.id == person.id] or [
            one for one in left if person.id is None and one.phone == person.phone
        ]
        left = [one for one in left if one not in same[:1]]
        found.append(same[0] if same else None)
    return found


def _left_out(kept: Sequence[Contact | None], known: Sequence[Contact]) -> list[Contact]:
    ids = {row.id for row in kept if row}
    return [one for one in known if one.id not in ids]


async def _let_go(
    session: AsyncSession, tenant_id: UUID, gone: Sequence[Contact], *, now: datetime | None
) -> None:
    """Forget these contacts and when they were on call, unless somebody still counts on them."""
    await _check_not_named(session, tenant_id, gone, now=now)
    ids = [one.id for one in gone]
    if ids:
        await session.execute(delete(OnCall).where(OnCall.tenant_id == tenant_id, OnCall.contact_id.in_(ids)))
        await session.execute(delete(Contact).where(Contact.tenant_id == tenant_id, Contact.id.in_(ids)))


async def _check_not_named(
    session: AsyncSession, tenant_id: UUID, gone: Sequence[Contact], *, now: datetime | None
) -> None:
    ids = [one.id for one in gone]
    if not ids:
        return
    is_past = OnCall.ends_at <= now if now else OnCall.ends_at.is_(None)
    named = await session.scalar(
        select(Contact.name)
        .where(
            Contact.tenant_id == tenant_id,
            Contact.id.in_(ids),
            or_(
                select(StepContact.id)
                .where(StepContact.tenant_id == tenant_id, StepContact.contact_id == Contact.id)
                .exists(),
                select(OnCall.id)
                .where(OnCall.tenant_id == tenant_id, OnCall.contact_id == Contact.id, ~is_past)
                .exists(),
            ),
        )
        .limit(1)
    )
    if named is not None:
        raise InvalidInput(
            {"contacts": N_("{name} is in an escalation policy or on call. Take them out there first.")},
            name=named,
        )
