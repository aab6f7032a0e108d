"""Two shops with one of everything, and somebody of each kind at the door, for the walk over all routes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from billing.invoices.commands import draft, issue
from billing.plans.commands import Signed, agree, make_plan
from billing.plans.plan import Plan
from desks.season_queries import season_of
from interactions import commands as log
from interactions.cases import open_case
from interactions.commands import Opening
from interactions.orders import connections, readings
from interactions.orders.inquiries import open_inquiry
from interactions.orders.keeping import keep_orders
from interactions.orders.queries import orders_page
from interactions.orders.readings import NewFile
from interactions.orders.table import read_table
from interactions.orders.values import FileKind, OrderFacts
from interactions.questions.commands import Asked, ask
from interactions.values import Channel
from mailroom.models import Attachment, MailMessage, Outgoing, RawMessage
from mailroom.values import Direction, RawState, SendState
from nanori import directory, files
from nanori.actors import SYSTEM, Role
from nanori.alerts import open_alerts, raise_alert
from nanori.db import TenantOwned, bind_all_shops
from nanori.files import FileStore
from nanori.identity import commands as identity
from nanori.identity.models import Account
from nanori.settings import Settings
from nanori.web.cookies import csrf_token, session_cookie_name
from reports.models import MonthReport
from reports.values import ReportState
from scripts_talk.knowledge import commands as articles
from scripts_talk.knowledge import usage
from scripts_talk.knowledge.commands import Wording
from scripts_talk.knowledge.values import ArticleKind
from scripts_talk.quiz import commands as quiz
from scripts_talk.quiz.commands import QuestionDraft
from scripts_talk.quiz.drawing import Choice
from telephony.alarms import BAD_CONTACT_NUMBER
from telephony.models import Call, Callback, Recording
from telephony.values import CallbackState, CallState
from tenants.changes.commands import change_days
from tenants.changes.rules import Today
from tenants.commands import Profile
from tenants.models import Contact, MailAddress, PhoneNumber, Tenant
from tenants.wishes.commands import Wish, ask_for
from tenants.wishes.models import WishKind
from tests.billing.invoices.documents import a_document, a_line
from tests.support import desk_stage
from tests.support.calls import words_of
from tests.support.clock import START
from tests.support.joined import a_join
from tests.support.people import an_account
from tests.support.seasons import a_draft
from tests.support.views import a_view

Ids = Mapping[str, UUID]


class Who(StrEnum):
    """Everybody who may stand at a door. "Mine" is the shop whose things the routes name."""

    ANONYMOUS = "anonymous"
    AGENT = "agent"
    FOREIGN_AGENT = "agent of another shop"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    MERCHANT = "merchant"
    FOREIGN_MERCHANT = "merchant of another shop"
    DISABLED = "disabled account"
    EXPIRED = "expired session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One shop, its agent, and one of everything by the names that routes give to ids."""

    stage: desk_stage.Stage
    ids: Ids

    @property
    def shop(self) -> Tenant:
        return self.stage.shops[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    mine: Side
    other: Side
    headers: Mapping[Who, Mapping[str, str]]  # cookie and token of each


async def build_world(session: AsyncSession, settings: Settings) -> World:
    """Everything of it in the transaction at hand."""
    mine, other = [await _side(session, settings, name) for name in ("ミナト珈琲", "花影フラワー")]
    headers = {who: await _sign_in(session, settings, who, mine, other) for who in Who}
    await bind_all_shops(session)
    return World(mine=mine, other=other, headers=headers)


async def _side(session: AsyncSession, settings: Settings, brand: str) -> Side:
    profile = Profile(
        legal_name=f"株式会社{brand}", brand_name=brand, brand_reading="みなと", trade="通信販売",
        colour="#7a3e1d", locale="ja",
    )  # fmt: skip
    stage = await desk_stage.set_stage(session, [profile], now=START)
    shop = stage.shops[0]
    store = FileStore(settings.data_dir / "files")
    ids = {
        "tenant_id": shop.tenant_id,
        "leg_id": uuid7(),  # only webhooks name these two, and nobody signs those here
        "attempt_id": uuid7(),
        "summons_id": uuid7(),
        "desk_id": stage.desks[shop.tenant_id].id,
        "agent_id": stage.agent.id,
        **await _tenancy(session, shop),
        **await _wish(session, shop),
        **await a_view(session, shop, stage.agent.id),
        **await _old_call(session, shop, stage.agent, store, stage.desks[shop.tenant_id].id),
        **await _mail(session, shop, store, stage.agent.id),
        **await _report(session, shop, store),
        **await _alert(session, shop),
        **await _season(session, shop),
        **await _knowledge(session, shop, stage.agent),
        **await _orders(session, shop, stage.agent, store),
        **await _billing(session, shop),
        **await _invoice(session, shop),
    }
    return Side(stage=stage, ids=ids)


async def _billing(session: AsyncSession, shop: Tenant) -> dict[str, UUID]:
    """A plan and the shop's agreement on it."""
    today = date(2026, 11, 1)
    plan = await make_plan(session, Plan(name=shop.slug, base_fee=3_000), by=None, today=today, now=START)
    signed = Signed(plan_id=plan.id, valid_from=today)
    row = await agree(session, shop.tenant_id, signed, [], billed_until=None, by=None, now=START)
    return {"plan_id": plan.id, "agreement_id": row.id}


async def _invoice(session: AsyncSession, shop: Tenant) -> dict[str, UUID]:
    """An issued one of October, its files not drawn yet."""
    document = a_document(lines=[a_line(shop_id=shop.tenant_id)])
    invoice = await draft(session, shop.tenant_id, document, now=START)
    await issue(session, shop.tenant_id, invoice.id, by=None, now=START)
    return {"invoice_id": invoice.id}


async def _wish(session: AsyncSession, shop: Tenant) -> dict[str, UUID]:
    wanted = Wish(kind=WishKind.HOURS, text="12/30から休みます。", holds_from=date(2026, 12, 30))
    asked = await ask_for(session, shop.tenant_id, wanted, today=START.date(), now=START)
    first, today = date(2026, 12, 30), Today(on=START.date())
    days = await change_days(session, shop, (), first=first, last=None, label="", today=today, now=START)
    return {"wish_id": asked.id, "change_id": days.id}


async def _season(session: AsyncSession, shop: Tenant) -> dict[str, UUID]:
    desk = await a_draft(session, shop)
    return {"season_id": (await season_of(session, shop.tenant_id, desk.id)).id}


async def _alert(session: AsyncSession, shop: Tenant) -> dict[str, UUID]:
    await raise_alert(session, BAD_CONTACT_NUMBER, shop.slug, shop_id=shop.tenant_id, now=START)
    return {"alert_id": next(one.id for one in await open_alerts(session) if one.subject == shop.slug)}


async def _knowledge(session: AsyncSession, shop: Tenant, agent: Account) -> dict[str, UUID]:
    """A notice in force with its next version being written, and a question without an answer."""
    tenant_id, wording = shop.tenant_id, Wording(title="年末の出荷", body="29日まで出荷します。")
    version = await articles.add_article(
        session, tenant_id, ArticleKind.NOTICE, wording, by=agent.id, now=START
    )
    await articles.publish_draft(session, tenant_id, version.article_id, now=START)
    await articles.save_draft(session, tenant_id, version.article_id, wording, by=agent.id, now=START)
    question = await usage.collect_question(
        session, tenant_id, "年始はいつから", interaction_id=None, agent_id=agent.id, now=START
    )
    draft = QuestionDraft(
        article_id=version.article_id, asked="最後の出荷はいつですか",
        choices=[Choice("29日", True), Choice("31日", False)], why="お知らせのとおりです。",
    )  # fmt: skip
    asked = await quiz.write_question(session, tenant_id, draft, by=agent.id, now=START)
    return {
        "article_id": version.article_id, "version_id": version.id, "question_id": question.id,
        "quiz_question_id": asked.id,
    }  # fmt: skip


async def _orders(session: AsyncSession, shop: Tenant, agent: Account, store: FileStore) -> dict[str, UUID]:
    """A file of orders whose columns are to be checked."""
    content = "注文番号,注文日\nA-1,2026/11/01\n".encode()
    file = await files.keep(
        session, shop.tenant_id, store=store, room=readings.ROOM, name="orders.csv", media_type="text/csv",
        content=content, now=START,
    )  # fmt: skip
    new = NewFile(file_id=file.id, name=file.name, kind=FileKind.ORDERS, table=read_table(content))
    reading = await readings.take_file(session, shop.tenant_id, new, by=agent.id, now=START)
    await keep_orders(session, shop.tenant_id, [OrderFacts(number="A-1", ordered_at=START)], now=START)
    (order,) = await orders_page(session, shop.tenant_id)
    interaction = await log.open_interaction(
        session, shop.tenant_id, Opening(channel=Channel.PHONE), now=START
    )
    inquiry = await open_inquiry(
        session,
        interaction,
        order_id=order.id,
        parcel_id=None,
        shop=shop,
        subject="不在",
        by=agent.id,
        now=START,
    )
    await connections.connect(
        session, shop.tenant_id, domain=f"{shop.tenant_id}.myshopify.com", token="an-invented-token-of-tests",
        secret_key="k" * 32, by=agent.id, now=START,
    )  # fmt: skip
    return {"reading_id": reading.id, "order_id": order.id, "inquiry_id": inquiry.id}


async def _tenancy(session: AsyncSession, shop: Tenant) -> dict[str, UUID]:
    number, address = f"+8150{shop.tenant_id.int % 10**8:08}", f"support@{shop.slug}.example"
    await directory.promise(session, directory.Kind.NUMBER, number, shop_id=shop.tenant_id)
    await directory.promise(session, directory.Kind.MAIL_ADDRESS, address, shop_id=shop.tenant_id)
    contact = Contact(tenant_id=shop.tenant_id, id=uuid7(), position=9, name="店長", phone="+819000000009")
    return await _added(
        session,
        number_id=PhoneNumber(tenant_id=shop.tenant_id, id=uuid7(), number=number),
        address_id=MailAddress(tenant_id=shop.tenant_id, id=uuid7(), address=address),
        contact_id=contact,
    )


async def _old_call(
    session: AsyncSession, shop: Tenant, agent: Account, store: FileStore, desk_id: UUID
) -> dict[str, UUID]:
    """A call of yesterday with its voicemail, and the promise to call back that was made in it."""
    tenant_id, at = shop.tenant_id, START - timedelta(days=1)
    interaction = await log.open_interaction(session, tenant_id, Opening(channel=Channel.PHONE), now=at)
    interaction.agent_id = agent.id
    call = Call(
        tenant_id=tenant_id, id=uuid7(), interaction_id=interaction.id, account_sid="AC" + "0" * 32,
        call_sid="CA" + uuid7().hex, state=CallState.CLOSED, from_number=None, to_number="+815000000000",
        turn=0, started_at=at, ended_at=at, status_rank=9,
    )  # fmt: skip
    sound = await files.keep(
        session, tenant_id, store=store, room="telephony", name="voicemail.wav", media_type="audio/wav",
        content=b"RIFF", now=at,
    )  # fmt: skip
    made = await _added(session, call_id=call)
    made |= await _added(
        session,
        callback_id=Callback(
            tenant_id=tenant_id, id=uuid7(), asked_in=interaction.id, desk_id=desk_id, phone="+819000000001",
            kept_since=at, state=CallbackState.WAITING, due_at=at, created_at=at,
        ),
    )  # fmt: skip
    made |= await _added(
        session,
        recording_id=Recording(
            tenant_id=tenant_id, id=uuid7(), call_id=call.id, recording_sid="RE" + uuid7().hex, seconds=3,
            announced_at=at, fetched_at=at, file_id=sound.id,
        ),
    )  # fmt: skip
    return made | {"interaction_id": interaction.id}


async def _mail(session: AsyncSession, shop: Tenant, store: FileStore, by: UUID) -> dict[str, UUID]:
    """A case with a mail, its file, an answer that failed to leave, and a mail that could not be read."""
    tenant_id = shop.tenant_id
    case = await open_case(session, tenant_id, subject="届かない", shopper_id=None, due_at=None, now=START)
    interaction = await log.open_interaction(
        session, tenant_id, Opening(channel=Channel.MAIL, case_id=case.id), now=START
    )
    raws = [_raw(tenant_id, state) for state in (RawState.FILED, RawState.QUARANTINED)]
    made = await _added(session, filed=raws[0], raw_id=raws[1])
    mail, answer = [_message(tenant_id, case.id, interaction.id, raw_id=one) for one in (raws[0].id, None)]
    made |= await _added(session, message_id=mail, answer=answer)
    file = await files.keep(
        session, tenant_id, store=store, room="mailroom", name="a.txt", media_type="text/plain",
        content=b"a", now=START,
    )  # fmt: skip
    made |= await _added(
        session,
        attachment_id=Attachment(
            tenant_id=tenant_id, id=uuid7(), message_id=mail.id, file_id=file.id, position=1
        ),
        outgoing_id=Outgoing(
            tenant_id=tenant_id, id=uuid7(), message_id=answer.id, content=b"Subject: a\r\n\r\na",
            recipients=["tanaka@x.example"], state=SendState.FAILED, due_at=START, failure="550",
        ),
    )  # fmt: skip
    asked = Asked(subject="返金", text="返金してよいですか。", amount_yen=3000)
    asked_id = (await ask(session, interaction, asked, actor=SYSTEM, now=START)).id
    return made | {"case_id": case.id, "asked_id": asked_id} | await a_join(session, tenant_id, case.id, by)


def _raw(tenant_id: UUID, state: RawState) -> RawMessage:
    return RawMessage(
        tenant_id=tenant_id, id=uuid7(), mailbox="support@x.example", message_id_header=f"<{uuid7()}@x>",
        body_sha256="0" * 64, content=b"Subject: a\r\n\r\na", size=15, received_at=START, state=state,
    )  # fmt: skip


def _message(tenant_id: UUID, case_id: UUID, interaction_id: UUID, *, raw_id: UUID | None) -> MailMessage:
    return MailMessage(
        tenant_id=tenant_id, id=uuid7(), raw_id=raw_id, case_id=case_id, interaction_id=interaction_id,
        direction=Direction.INBOUND if raw_id else Direction.OUTBOUND, at=START,
        message_id_header=f"<{uuid7()}@x>", references=[], from_address="tanaka@x.example",
        to_address="support@x.example", answer_to="tanaka@x.example", subject="届かない", text="届きません。",
    )  # fmt: skip


async def _report(session: AsyncSession, shop: Tenant, store: FileStore) -> dict[str, UUID]:
    paper, figures = [
        await files.keep(
            session, shop.tenant_id, store=store, room="reports", name="october", media_type=kind,
            content=b"{}", now=START,
        )
        for kind in ("application/pdf", "application/json")
    ]  # fmt: skip
    report = MonthReport(
        tenant_id=shop.tenant_id, id=uuid7(), month=date(2026, 10, 1), state=ReportState.READY,
        requested_at=START, ready_at=START, pdf_file_id=paper.id, figures_file_id=figures.id,
    )  # fmt: skip
    return await _added(session, report_id=report)


async def _added(session: AsyncSession, **rows: TenantOwned) -> dict[str, UUID]:
    session.add_all(rows.values())
    await session.flush()
    return {name: row.id for name, row in rows.items()}


async def _sign_in(
    session: AsyncSession, settings: Settings, who: Who, mine: Side, other: Side
) -> Mapping[str, str]:
    """Headers of a browser that is signed in as ``who``, or was."""
    if who is Who.ANONYMOUS:
        return {}
    account = await _account(session, who, mine, other)
    since = START - timedelta(days=2) if who is Who.EXPIRED else START
    cookie = await identity.open_session(session, account.id, now=since)
    if who is Who.DISABLED:
        account.disabled_at = START
        await session.flush()
    return {
        "Cookie": f"{session_cookie_name(settings)}={cookie}",
        "X-CSRF-Token": csrf_token(settings, identity.session_hash(cookie)),
    }


async def _account(session: AsyncSession, who: Who, mine: Side, other: Side) -> Account:
    match who:
        case Who.AGENT:
            return mine.stage.agent
        case Who.FOREIGN_AGENT:
            return other.stage.agent
        case Who.MERCHANT:
            return await an_account(session, Role.MERCHANT, shops=[mine.shop.tenant_id])
        case Who.FOREIGN_MERCHANT:
            return await an_account(session, Role.MERCHANT, shops=[other.shop.tenant_id])
        case Who.SUPERVISOR:
            return await an_account(session, Role.SUPERVISOR)
        case _:
            return await an_account(session, Role.OPERATOR)


class Scene(StrEnum):
    """What is on the agent's line before the request comes."""

    RINGING = "ringing"
    TALKING = "talking"
    HELD = "held"
    WRAPPING_UP = "wrapping up"


async def play(session: AsyncSession, side: Side, scene: Scene, *, now: datetime) -> Ids:
    """Bring the side's agent into the scene; the ids of the call and of its offer."""
    await desk_stage.be_ready(session, side.stage, now=now)
    call = await desk_stage.caller_waits(session, side.stage, side.shop, now=now, number=None)
    offer = await desk_stage.call_rings(session, side.stage, call, now=now)
    if scene is not Scene.RINGING:
        await desk_stage.call_runs(session, side.stage, call, offer, now=now)
    if scene is Scene.HELD:
        call.state, call.held_since = CallState.HELD, now
    if scene is Scene.WRAPPING_UP:
        await desk_stage.call_ends(session, call, now=now)
    await session.flush()
    words = await words_of(session, side.shop.tenant_id)
    ids = {"call_id": call.id, "interaction_id": call.interaction_id, "offer_id": offer.id}
    return ids | {"phrase_id": words}
