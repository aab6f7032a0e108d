"""A copy of a real shop's set-up, read from the configured database and never written to it."""

from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.queries import desks_of
from desks.values import DeskKind, DeskState
from interactions.queries import reasons_of
from nanori.db import across_shops, bind_tenants
from nanori.installation import connect
from nanori.settings import LoginKind, Settings
from nanori_app.post import build_post
from nanori_app.rehearse.shops import DeskTimes, ShopSetup
from scripts_talk.queries import published_script
from tenants import queries
from tenants.calendars import calendar_of
from tenants.commands import Profile, SpecialDate, Terms
from tenants.contacts import ContactPerson
from tenants.hours import week_on
from tenants.models import AnswerPhrase, ContractTerms, Tenant
from tenants.values import DayPart, Situation


async def copy_of(settings: Settings, slug: str) -> ShopSetup:
    """Read one shop's set-up.

    Raises:
        tenants.errors.ShopNotFound: there is no shop of this short name.
    """
    house = connect(settings, build_post(settings.url_for(LoginKind.STAFF)))
    try:
        async with across_shops(house.staff) as session:
            await session.execute(text("SET TRANSACTION READ ONLY"))
            shop = await queries.shop_by_slug(session, slug)
            await bind_tenants(session, [shop.tenant_id])
            return await _setup(session, shop, now=house.clock.now())
    finally:
        await house.close()


async def _setup(session: AsyncSession, shop: Tenant, *, now: datetime) -> ShopSetup:
    calendar = await calendar_of(session, shop)
    script = await published_script(session, shop.tenant_id)
    today = now.astimezone(ZoneInfo(shop.zone)).date()
    standing = [one for one in await desks_of(session) if one.kind is DeskKind.STANDING]
    desk = next((one for one in standing if one.state is DeskState.OPEN), None)
    reasons = [one for one in await reasons_of(session, [shop.tenant_id]) if one.retired_at is None]
    return ShopSetup(
        slug=shop.slug,
        profile=Profile(**{field.name: getattr(shop, field.name) for field in fields(Profile)}),
        zone=shop.zone,
        recording_notice=shop.recording_notice,
        closed_message=shop.closed_message,
        phrases=await _phrases(session, shop),
        week=week_on(calendar, today),
        days=[SpecialDate(on=on, spans=tuple(spans)) for on, spans in sorted(calendar.special.items())],
        numbers=[one.number for one in await queries.numbers_of(session, shop.tenant_id)],
        addresses=[one.address for one in await queries.addresses_of(session, shop.tenant_id)],
        contacts=[
            ContactPerson(
                name=one.name,
                phone=one.phone,
                mail=one.mail,
                reading=one.reading,
                ring_seconds=one.ring_seconds,
            )
            for one in await queries.contacts_of(session, shop.tenant_id)
        ],
        terms=_terms(await queries.terms_on(session, shop.tenant_id, today)),
        steps=script.steps if script else (),
        reasons=[(one.code, one.label_ja, one.label_en) for one in reasons],
        desk_name=desk.name if desk else "受付",
        desk=_times(desk),
    )


async def _phrases(session: AsyncSession, shop: Tenant) -> list[tuple[Situation, DayPart, str]]:
    rows = await session.scalars(
        select(AnswerPhrase)
        .where(
            AnswerPhrase.tenant_id == shop.tenant_id, AnswerPhrase.desk_id.is_(None),
            AnswerPhrase.retired_at.is_(None),
        )
        .order_by(AnswerPhrase.id)
    )  # fmt: skip
    return [(row.situation, row.day_part, row.text) for row in rows]


def _terms(agreed: ContractTerms | None) -> Terms:
    if agreed is None:
        return Terms()
    return Terms(**{field.name: getattr(agreed, field.name) for field in fields(Terms)})


def _times(desk: Desk | None) -> DeskTimes:
    if desk is None:
        return DeskTimes()
    return DeskTimes(**{field.name: getattr(desk, field.name) for field in fields(DeskTimes)})
