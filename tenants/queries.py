"""Reads about shops. All see only the shops that the transaction is bound to."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.files import File, FileStore
from nanori.web.colour import is_too_close
from tenants.errors import LineIsPromised, ShopNotFound
from tenants.models import (
    AnswerPhrase,
    Contact,
    ContractTerms,
    LinePromise,
    MailAddress,
    OpeningSpan,
    PhoneNumber,
    SpecialDay,
    Tenant,
)
from tenants.phrases import Phrase
from tenants.readiness import ShopFacts
from tenants.values import DayPart, Situation


async def shop(session: AsyncSession, tenant_id: UUID) -> Tenant:
    """One shop.

    Raises:
        ShopNotFound: not among the tenants bound.
    """
    found = await session.get(Tenant, tenant_id)
    if found is None:
        raise ShopNotFound
    return found


async def shops(session: AsyncSession) -> list[Tenant]:
    """Every shop bound, by brand name."""
    return list(await session.scalars(select(Tenant).order_by(Tenant.brand_reading, Tenant.tenant_id)))


async def shop_by_slug(session: AsyncSession, slug: str) -> Tenant:
    """The shop that an operator names on the command line.

    Raises:
        ShopNotFound: no shop bound has this slug.
    """
    found = await session.scalar(select(Tenant).where(Tenant.slug == slug))
    if found is None:
        raise ShopNotFound
    return found


async def special_days(session: AsyncSession, tenant_id: UUID) -> list[SpecialDay]:
    """Single dates, earliest first."""
    asked = select(SpecialDay).where(SpecialDay.tenant_id == tenant_id)
    return list(await session.scalars(asked.order_by(SpecialDay.on, SpecialDay.opens)))


async def phrases_of(session: AsyncSession, tenant_id: UUID, desk_id: UUID | None = None) -> list[Phrase]:
    """The shop's wordings in force, and the desk's own (``tenants.phrases`` chooses among them)."""
    one = AnswerPhrase
    whose: ColumnElement[bool] = one.desk_id.is_(None)
    if desk_id is not None:
        whose = or_(whose, one.desk_id == desk_id)
    rows = await session.scalars(
        select(one).where(one.tenant_id == tenant_id, whose, one.retired_at.is_(None))
    )
    return [
        Phrase(row.situation, row.day_part, row.version, row.text, row.id, row.desk_id is not None)
        for row in rows
    ]


async def contacts_to_call(session: AsyncSession, tenant_id: UUID) -> list[Contact]:
    """Those whose number can be called as far as we know, in the order of calling."""
    return [one for one in await contacts_of(session, tenant_id) if one.refused_at is None]


async def contacts_of(session: AsyncSession, tenant_id: UUID) -> list[Contact]:
    """Whom an escalation reaches, in the order of calling."""
    asked = select(Contact).where(Contact.tenant_id == tenant_id)
    return list(await session.scalars(asked.order_by(Contact.position)))


async def numbers_of(session: AsyncSession, tenant_id: UUID) -> list[PhoneNumber]:
    asked = select(PhoneNumber).where(PhoneNumber.tenant_id == tenant_id)
    return list(await session.scalars(asked.order_by(PhoneNumber.id)))


async def first_numbers(session: AsyncSession) -> dict[UUID, str]:
    """The oldest number of each shop bound."""
    rows = await session.scalars(select(PhoneNumber).order_by(PhoneNumber.id.desc()))
    return {row.tenant_id: row.number for row in rows}


async def addresses_of(session: AsyncSession, tenant_id: UUID) -> list[MailAddress]:
    asked = select(MailAddress).where(MailAddress.tenant_id == tenant_id)
    return list(await session.scalars(asked.order_by(MailAddress.id)))


async def check_not_promised(session: AsyncSession, tenant_id: UUID, line: str) -> None:
    """Nothing, when no seasonal desk counts on the number or address.

    Raises:
        LineIsPromised: one does, or its callers are still being told.
    """
    one = LinePromise
    found = await session.scalar(
        select(one.id).where(one.tenant_id == tenant_id, one.line == line, one.returned_at.is_(None)).limit(1)
    )
    if found is not None:
        raise LineIsPromised(line=line)


async def terms_on(session: AsyncSession, tenant_id: UUID, day: date) -> ContractTerms | None:
    """What the contract says on that day of the shop."""
    found: ContractTerms | None = await session.scalar(
        select(ContractTerms).where(ContractTerms.tenant_id == tenant_id, _hold_on(day))
    )
    return found


async def terms_of_shops(session: AsyncSession, day: date) -> dict[UUID, ContractTerms]:
    """What holds on that day, of every shop bound that agreed to something."""
    return {one.tenant_id: one for one in await session.scalars(select(ContractTerms).where(_hold_on(day)))}


async def shop_facts(
    session: AsyncSession, tenant_ids: Sequence[UUID], today: date, *, store: FileStore
) -> dict[UUID, ShopFacts]:
    """What readiness looks at, for many shops in one query."""
    of_shop = Tenant.tenant_id
    in_force = and_(AnswerPhrase.retired_at.is_(None), AnswerPhrase.desk_id.is_(None))
    all_day = and_(in_force, AnswerPhrase.tenant_id == of_shop, AnswerPhrase.day_part == DayPart.ANY)
    rows = await session.execute(
        select(
            Tenant,
            exists().where(all_day, AnswerPhrase.situation == Situation.NORMAL).label("phrase"),
            exists().where(all_day, AnswerPhrase.situation == Situation.AFTER_WAIT).label("after_wait"),
            exists().where(OpeningSpan.tenant_id == of_shop).label("hours"),
            exists().where(PhoneNumber.tenant_id == of_shop).label("number"),
            exists().where(MailAddress.tenant_id == of_shop).label("address"),
            exists().where(Contact.tenant_id == of_shop).label("contact"),
            exists().where(ContractTerms.tenant_id == of_shop, _hold_on(today)).label("terms"),
            File,
        ).outerjoin(File, and_(File.tenant_id == of_shop, File.id == Tenant.hold_music_file_id))
    )
    found = rows.all()
    colours = [(row.Tenant.tenant_id, row.Tenant.brand_name, row.Tenant.colour) for row in found]
    return {
        row.Tenant.tenant_id: _facts(
            row,
            similar_brands(row.Tenant.colour, row.Tenant.tenant_id, colours),
            is_music_lost=_is_lost(row.Tenant.hold_music_file_id, row.File, store),
        )
        for row in found
        if row.Tenant.tenant_id in set(tenant_ids)
    }


def similar_brands(
    colour: str, tenant_id: UUID | None, colours: Iterable[tuple[UUID, str, str]]
) -> tuple[str, ...]:
    """Brands of other shops whose colour is too close to this one."""
    return tuple(
        brand for other, brand, theirs in colours if other != tenant_id and is_too_close(colour, theirs)
    )


def _is_lost(wanted: UUID | None, file: File | None, store: FileStore) -> bool:
    return wanted is not None and (file is None or not store.is_whole(file))


def _facts(
    row: Row[Tenant, bool, bool, bool, bool, bool, bool, bool, File],
    similar: tuple[str, ...],
    *,
    is_music_lost: bool,
) -> ShopFacts:
    shop: Tenant = row.Tenant
    return ShopFacts(
        tenant_id=shop.tenant_id,
        brand_name=shop.brand_name,
        brand_reading=shop.brand_reading,
        has_phrase=row.phrase,
        has_phrase_after_wait=row.after_wait,
        has_hours=row.hours,
        has_number=row.number,
        has_address=row.address,
        has_contact=row.contact,
        has_terms=row.terms,
        has_closed_message=bool(shop.closed_message),
        has_logo=shop.logo_file_id is not None,
        is_music_lost=is_music_lost,
        similar_brands=similar,
    )


def _hold_on(day: date) -> ColumnElement[bool]:
    until = ContractTerms.valid_until
    return and_(ContractTerms.valid_from <= day, or_(until.is_(None), until > day))
