"""Loads the demo into an empty database: all of it, in one transaction, or nothing."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.menus import Key, Reception, set_reception
from desks.models import Desk
from desks.roster import open_desk, open_standing_desk, put_on_desk
from desks.shifts.costs import Stated, state_paid_hour
from desks.shifts.week import Cell, Scope, plan_shifts
from desks.values import MenuAction
from interactions.models import Reason
from mailroom.surveys.commands import set_rule
from nanori import directory, files
from nanori.actors import Role
from nanori.files import FileStore
from nanori.identity import commands as identity
from nanori.installation import Installation
from nanori_app.demo.agents import introduce_agents
from nanori_app.demo.archive import Ids
from nanori_app.demo.articles import write_articles
from nanori_app.demo.cases import join_and_split
from nanori_app.demo.cast import AGENTS, MAIN_SHOPS, OPERATOR, PASSWORD, SHOPS, SKILLS, SUPERVISORS, ShopPart
from nanori_app.demo.checks import check_calls
from nanori_app.demo.escalation import arrange_escalation
from nanori_app.demo.invoices import bill
from nanori_app.demo.logos import logo
from nanori_app.demo.orders import tell_orders
from nanori_app.demo.plans import agree_on_plans
from nanori_app.demo.portal import arrange_portal
from nanori_app.demo.quizzes import write_quiz
from nanori_app.demo.scripts import SCRIPTS, winter_campaign
from nanori_app.demo.seasons import Stand, plan_seasons
from nanori_app.demo.shifts import planned, presence_on
from nanori_app.demo.shops import SET_UPS, ZONE, SetUp, special_days
from nanori_app.demo.store import archives, past_until, store
from nanori_app.demo.surveys import ASKING, KIND
from reports.commands import request_report
from scripts_talk import versions as scripts
from scripts_talk.campaigns import set_campaign
from tenants import commands as shops
from tenants.commands import OnTheLine, Profile
from tenants.contacts import set_contacts
from tenants.models import AnswerPhrase, Tenant

MONTHS_OF_HISTORY = 2
FIRST_LEVEL, SECOND_LEVEL = 1, 2
PAID_HOUR = Stated(date(2026, 4, 1), 2160)
CERTIFIED, FAILED = (2, 4, 5, 10), (7,)
"""Agents of the coffee shop who took its quiz."""


@dataclass(slots=True, kw_only=True)
class Company:
    """Who and what was made, by slug and by the agent's number in the cast."""

    shops: dict[str, Tenant] = field(default_factory=dict)
    desks: dict[str, Desk] = field(default_factory=dict)
    reasons: dict[str, dict[str, UUID]] = field(default_factory=dict)
    agents: dict[int, UUID] = field(default_factory=dict)


async def load_demo(installation: Installation) -> bool:
    """Fill the database unless the cast is there already. True when it was filled."""
    now = installation.clock.now()
    async with installation.staff.begin() as session:
        if await directory.look_up(session, directory.Kind.SHOP, SHOPS[0].slug) is not None:
            return False
        company = Company()
        opened = history_starts(now)
        for part in SHOPS:
            await _set_up(session, company, part, store=installation.files, now=opened)
        await _hire(session, company, now=opened)
        await _plan_shifts(session, company, now=now)
        flowers, coffee = [
            Stand(company.shops[one], company.desks[one]) for one in ("hanakage", "minato-coffee")
        ]
        await plan_seasons(session, flowers, coffee, opened=opened, now=now)
        await _remember(session, company, installation.settings.twilio_account_sid, since=opened, now=now)
        await check_calls(session, company.shops["minato-coffee"], now=now)
        await join_and_split(
            session, company.shops["minato-coffee"], SHOPS[0], company.agents[1],
            store=installation.files, now=now,
        )  # fmt: skip
        for part in SHOPS:
            await tell_orders(session, company.shops[part.slug], part, now=now)
        await arrange_escalation(session, company.shops["minato-coffee"], now=now)
        await arrange_portal(session, company.shops["minato-coffee"], now=now)
        await agree_on_plans(session, company.shops, since=opened, now=now)
        await bill(session, company.shops, first=opened.astimezone(ZONE).date(), now=now)
        await _order_reports(session, company, since=opened, now=now)
    return True


def history_starts(now: datetime) -> datetime:
    """Midnight of the first day, two months before the month of today in Japan."""
    today = now.astimezone(ZONE)
    months = today.year * 12 + today.month - 1 - MONTHS_OF_HISTORY
    return today.replace(
        year=months // 12, month=months % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    ).astimezone(UTC)


async def _remember(
    session: AsyncSession, company: Company, account_sid: str, *, since: datetime, now: datetime
) -> None:
    """Give the shops their past."""
    ids = {slug: await _ids(session, company, slug, account_sid) for slug in company.shops}
    pasts = past_until(since.astimezone(ZONE).date(), now)
    for archive in archives(pasts, ids, now):
        await store(session, archive)


async def _order_reports(session: AsyncSession, company: Company, *, since: datetime, now: datetime) -> None:
    """The worker's first work: the papers of the months that are over, so that merchants find them."""
    first = since.astimezone(ZONE).date()
    for shop in company.shops.values():
        for later in range(MONTHS_OF_HISTORY):
            months = first.year * 12 + first.month - 1 + later
            await request_report(session, shop.tenant_id, date(months // 12, months % 12 + 1, 1), now=now)


async def _ids(session: AsyncSession, company: Company, slug: str, account_sid: str) -> Ids:
    tenant_id = company.shops[slug].tenant_id
    phrases = await session.scalars(select(AnswerPhrase).where(AnswerPhrase.tenant_id == tenant_id))
    return Ids(
        tenant_id=tenant_id,
        desk_id=company.desks[slug].id,
        reasons=company.reasons[slug],
        agents=company.agents,
        phrases={(one.situation, one.day_part): one.id for one in phrases if one.retired_at is None},
        account_sid=account_sid,
    )


async def _set_up(
    session: AsyncSession, company: Company, part: ShopPart, *, store: FileStore, now: datetime
) -> None:
    """Everything that an operator would have entered before the shop's first call."""
    detail = SET_UPS[part.slug]
    shop = await shops.create_shop(session, part.slug, _profile(part), now=now)
    tenant_id = shop.tenant_id
    company.shops[part.slug] = shop
    await _show_and_say(session, shop, part, detail, store=store, now=now)
    await shops.set_hours(session, tenant_id, detail.week, special_days(part.locale, now.year))
    await shops.add_number(session, tenant_id, part.number, label=detail.desk)
    await shops.add_address(session, tenant_id, part.mail_address, label=detail.desk)
    await set_contacts(session, tenant_id, detail.contacts)
    await shops.agree_terms(session, shop, detail.terms, now=now)
    name, steps = SCRIPTS[part.slug]
    await scripts.put_in_force(session, tenant_id, name, steps, now=now)
    if part.slug == "minato-coffee":
        await set_campaign(session, tenant_id, winter_campaign(now.date()), now=now)
    if part.slug == ASKING:
        await set_rule(session, tenant_id, KIND, {})
    company.desks[part.slug] = await open_standing_desk(session, tenant_id, name=detail.desk, now=now)
    company.reasons[part.slug] = await _list_reasons(session, tenant_id, detail)


async def _show_and_say(
    session: AsyncSession, shop: Tenant, part: ShopPart, detail: SetUp, *, store: FileStore, now: datetime
) -> None:
    picture = await files.keep(
        session, shop.tenant_id, store=store, room="tenants", name=f"{part.slug}.png", media_type="image/png",
        content=logo(part.slug, part.colour), now=now,
    )  # fmt: skip
    await shops.set_logo(session, shop.tenant_id, picture.id)
    await shops.set_closed_message(session, shop.tenant_id, detail.closed_message)
    notice = detail.recording_notice
    policy = OnTheLine(records_calls=bool(notice), recording_notice=notice)
    await shops.set_on_the_line(session, shop.tenant_id, policy)
    await shops.adopt_first_phrases(session, shop, now=now)
    for (situation, day_part), text in detail.phrases.items():
        await shops.set_phrase(session, shop.tenant_id, situation, day_part, text=text, now=now)


async def _list_reasons(session: AsyncSession, tenant_id: UUID, detail: SetUp) -> dict[str, UUID]:
    rows = [
        Reason(
            tenant_id=tenant_id, id=uuid7(), code=part.code, label_ja=part.ja, label_en=part.en,
            position=position,
        )
        for position, part in enumerate(detail.reasons, start=1)
    ]  # fmt: skip
    session.add_all(rows)
    await session.flush()
    return {row.code: row.id for row in rows}


async def _hire(session: AsyncSession, company: Company, *, now: datetime) -> None:
    """Accounts of everybody, and the rosters."""
    operator_id = await _account(session, OPERATOR, Role.OPERATOR, now=now)
    await state_paid_hour(session, PAID_HOUR, by=operator_id, now=now)
    for person in SUPERVISORS:
        await _account(session, person, Role.SUPERVISOR, now=now)
    for part in SHOPS:
        owner = (part.owner, SET_UPS[part.slug].contacts[0].name)
        tenant_id = company.shops[part.slug].tenant_id
        await _account(session, owner, Role.MERCHANT, shop_id=tenant_id, locale=part.locale, now=now)
    for number, person in enumerate(AGENTS, start=1):
        locale = "ja" if not person[1].isascii() else "en"
        slugs = SKILLS[number]
        agent_id = await _account(
            session, person, Role.AGENT, shop_id=company.shops[slugs[0]].tenant_id, locale=locale, now=now
        )
        company.agents[number] = agent_id
        for place, slug in enumerate(slugs):
            desk = company.desks[slug]
            level = FIRST_LEVEL if place < MAIN_SHOPS else SECOND_LEVEL
            await put_on_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent_id, level=level)
    for shop in company.shops.values():
        await write_articles(session, shop, by=company.agents[1], now=now)
    coffee, agents = company.shops["minato-coffee"], company.agents
    await write_quiz(
        session, coffee, by=agents[1], passed=[agents[n] for n in CERTIFIED],
        failed=[agents[n] for n in FAILED], now=now,
    )  # fmt: skip
    await introduce_agents(session, agents, now=now)
    for slug, setup in SET_UPS.items():
        await _staff_special_desk(session, company, company.shops[slug], setup, now=now)


async def _plan_shifts(session: AsyncSession, company: Company, *, now: datetime) -> None:
    """Last week, this one and the next."""
    today = now.astimezone(ZONE).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=number) for number in range(-7, 14)]
    for week in range(0, len(days), 7):
        plan = {
            Cell(agent_id, day): planned(number, day)
            for number, agent_id in company.agents.items()
            for day in days[week : week + 7]
        }
        await plan_shifts(session, Scope(), plan, zone=ZONE)
    for number, agent_id in company.agents.items():
        for day in days:
            session.add_all(presence_on(number, agent_id, day, until=now))
    await session.flush()


async def _staff_special_desk(
    session: AsyncSession, company: Company, shop: Tenant, setup: SetUp, *, now: datetime
) -> None:
    special = setup.special_desk
    if special is None:
        return
    desk = await open_desk(session, shop.tenant_id, name=special.name, now=now)
    keys = (
        Key(digit="1", action=MenuAction.QUEUE),
        Key(digit="2", action=MenuAction.DESK, to_desk_id=desk.id),
        Key(digit="3", action=MenuAction.SAY, said=special.answer),
    )
    first = company.desks[shop.slug].id
    reception = Reception(menu_prompt=special.menu, keys=keys)
    await set_reception(session, shop.tenant_id, desk_id=first, reception=reception)
    for number in special.agents:
        await put_on_desk(
            session, desk.tenant_id, desk_id=desk.id, agent_id=company.agents[number], level=FIRST_LEVEL
        )


async def _account(
    session: AsyncSession,
    person: tuple[str, str],
    role: Role,
    *,
    shop_id: UUID | None = None,
    locale: str = "ja",
    now: datetime,
) -> UUID:
    login, name = person
    account = await identity.add_account(session, login, name=name, password=PASSWORD, locale=locale, now=now)
    await identity.grant(session, account.id, role, shop_id=shop_id)
    return account.id


def _profile(part: ShopPart) -> Profile:
    return Profile(
        legal_name=part.legal_name,
        brand_name=part.brand_name,
        brand_reading=part.brand_reading,
        colour=part.colour,
        locale=part.locale,
        trade=part.trade,
    )
