"""A call whose carrier is the test itself: up to the point at which reports come, and the reports."""

import xml.etree.ElementTree as ET
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import presence
from desks.models import Desk
from desks.values import Presence
from nanori.actors import Actor, ActorKind, Role
from nanori.context import Context
from nanori.db import bind_all_shops
from telephony.commands import agents, contacts, outbound, transfers, unattended
from telephony.commands.agents import Shown
from telephony.commands.routes import route_calls
from telephony.labels import CALLER, leg_label
from telephony.lines import find_line
from telephony.models import Call, Leg
from telephony.urls import Urls
from telephony.values import LegRole
from tenants.models import Tenant
from tests.support.calls import words_of
from tests.support.carrier import CarrierClient, a_call_sid
from tests.support.clock import TestClock
from tests.telephony.conftest import a_desk, a_ready_shop, an_agent

NUMBERS = {
    "agent joins": 1, "caller joins": 3, "caller leaves": 5, "agent leaves": 6, "agent is let go": 6,
    "conference ends": 7, "colleague joins": 8, "colleague is let go": 9, "contact joins": 10,
    "contact is let go": 11,
}  # fmt: skip
"""Each report of a conference has one number, however often it is sent."""
RECORDING = "RE" + "1" * 32


class Playing:
    """One call of one shop, whose agent is ready."""

    shop: Tenant
    desk: Desk
    dequeued: str

    def __init__(self, carrier: CarrierClient, session: AsyncSession, clock: TestClock) -> None:
        self.carrier, self.session, self.clock = carrier, session, clock
        self.caller_sid, self.conference_sid = a_call_sid(uuid4().int), f"CF{uuid4().hex}"
        self.contact_sid, self.status_path = a_call_sid(uuid4().int), "/tw/cb/call"
        self.number = f"+8150{uuid4().int % 10**8:08}"
        self.legs: dict[str, tuple[LegRole, UUID]] = {}  # by who it is

    async def opens(self, *, records: bool = False) -> None:
        """A shop whose agent is ready."""
        self.shop = await a_ready_shop(self.session, self.number)
        self.shop.records_calls, self.shop.recording_notice = records, "録音いたします。"
        self.desk = await a_desk(self.session, self.shop)
        self.agent = await self.begins_work()

    async def begins_work(self) -> UUID:
        session, now = self.session, self.clock.now()
        agent = (await an_agent(session, self.shop, self.desk)).id
        await presence.take_seat(session, agent, tab="tab", now=now)
        await presence.choose_presence(session, agent, Presence.READY, reason=None, now=now)
        await session.commit()
        return agent

    async def rings(self) -> None:
        """A caller, in the queue where there is one."""
        answer = await self.carrier.ring(self.caller_sid, self.number)
        enqueue = ET.fromstring(answer.text).find("Enqueue")
        if enqueue is not None:
            self.dequeued = str(enqueue.get("action"))
            await self.carrier.post(
                str(enqueue.get("waitUrl")), CallSid=self.caller_sid, QueueSid="QU" + "1" * 32
            )
        await bind_all_shops(self.session)
        self.call_id = (
            await self.session.scalars(select(Call.id).where(Call.call_sid == self.caller_sid))
        ).one()

    async def until_agent_dials_in(self, *, records: bool = False) -> None:
        await self.opens(records=records)
        await self.rings()
        self.legs["agent"] = (LegRole.AGENT, await self.takes(self.agent))

    async def until_talking(self) -> None:
        await self.until_agent_dials_in()
        for what in ("agent joins", "caller joins"):
            await self.tell(what)

    async def takes(self, agent_id: UUID) -> UUID:
        """An agent is asked, accepts and dials in; the leg."""
        session, now = self.session, self.clock.now()
        await bind_all_shops(session)
        words = await words_of(session, self.shop.tenant_id)
        (made,) = await route_calls(session, now=now)
        assert made.agent_id == agent_id
        accepted = await agents.accept_offer(
            session, made.offer_id, Urls(""), agent=actor(agent_id), now=now,
            shown=Shown(tab="tab", call_id=self.call_id, shop_id=self.shop.tenant_id, phrase_id=words),
        )  # fmt: skip
        await session.commit()
        await self.dials_in(agent_id, accepted.token)
        return accepted.leg_id

    async def dials_in(self, agent_id: UUID, token: str) -> None:
        await self.carrier.post(
            "/tw/app", CallSid=a_call_sid(uuid4().int), From=f"client:agent_{agent_id.hex}", leg=token
        )

    async def hands_over(self) -> None:
        """A colleague is asked, joins and has the call from then on."""
        session, now = self.session, self.clock.now()
        await bind_all_shops(session)
        self.colleague = await self.begins_work()
        await bind_all_shops(session)
        agent = actor(self.agent)
        await transfers.consult(session, self.call_id, self.desk.id, Urls(""), agent=agent, now=now)
        await session.commit()
        self.legs["colleague"] = (LegRole.CONSULT, await self.takes(self.colleague))
        await self.tell("colleague joins")
        await bind_all_shops(session)
        await transfers.hand_over(session, self.call_id, agent=agent, now=now)
        await session.commit()

    async def calls_the_shop(self) -> None:
        """The agent asks the shop's people; the first has pressed 1."""
        await bind_all_shops(self.session)
        now = self.clock.now()
        await contacts.escalate(self.session, self.call_id, Urls(""), agent=actor(self.agent), now=now)
        await self.presses_1()

    async def calls_the_shop_alone(self) -> None:
        """Nobody is there: the shop is called for the caller in the queue; the first has pressed 1."""
        await bind_all_shops(self.session)
        line = await find_line(self.session, str(self.call_id), "")
        assert line is not None
        await unattended.call_contacts(self.session, line, now=self.clock.now())
        await self.presses_1()

    async def presses_1(self) -> None:
        leg = (await self.session.scalars(select(Leg).where(Leg.role == LegRole.CONTACT))).one()
        leg.call_sid = self.contact_sid
        await self.session.commit()
        path = f"/tw/v/{self.call_id}/esc/{leg.attempt_id}/decision"
        await self.carrier.post(path, CallSid=self.contact_sid, Digits="1")
        self.legs["contact"] = (LegRole.CONTACT, leg.id)

    async def calls_a_shopper(self) -> None:
        """The agent is on the way; the shopper's telephone rings when both are told so."""
        await bind_all_shops(self.session)
        context = Context(
            actor=actor(self.agent), name="試験 太郎", roles=frozenset({Role.AGENT}),
            shops=frozenset({self.shop.tenant_id}), locale="ja", zone=ZoneInfo("Asia/Tokyo"),
            now=self.clock.now(), request_id=uuid4(),
        )  # fmt: skip
        wanted = outbound.Wanted(shop_id=self.shop.tenant_id, to="+819011112222", tab="tab")
        account_sid = self.carrier.settings.twilio_account_sid
        begun = await outbound.call_shopper(
            self.session, wanted, Urls(""), account_sid=account_sid, context=context
        )
        await self.session.commit()
        self.call_id, self.legs["agent"] = begun.call_id, (LegRole.AGENT, begun.leg_id)
        self.status_path = f"/tw/cb/call?call={self.call_id}&party=shopper"
        await self.dials_in(self.agent, begun.token)

    async def tell(self, what: str) -> None:
        """One report of the carrier, by its short name: who, and what."""
        who, _, rest = what.partition(" ")
        if what in {"redirected", "dequeued"}:
            result = "hangup" if what == "dequeued" else what
            await self.carrier.post(self.dequeued, CallSid=self.caller_sid, QueueResult=result)
        elif what in NUMBERS:
            await self.conference(what, who, rest)
        elif what == "message spoken":
            await self.carrier.post(
                f"/tw/v/{self.call_id}/vm", CallSid=self.caller_sid, Digits="hangup",
                RecordingUrl=f"https://carrier.example/{RECORDING}", RecordingDuration="12",
            )  # fmt: skip
        elif who in {"recording", "message"}:
            await self.recording(rest, "call" if who == "recording" else "voicemail")
        elif who == "contact":
            leg = self.legs["contact"][1]
            await self.status(rest, f"/tw/cb/call?call={self.call_id}&leg={leg}", self.contact_sid)
        else:
            await self.status(what, self.status_path)

    async def conference(self, what: str, who: str, rest: str) -> None:
        labels = {"caller": CALLER, "conference": ""} | {
            name: leg_label(role, leg_id) for name, (role, leg_id) in self.legs.items()
        }
        events = {"joins": "participant-join", "ends": "conference-end"}
        reason = "moderator_ended_conference" if rest == "is let go" else "participant_hung_up"
        await self.carrier.post(
            f"/tw/cb/conf/{self.call_id}", CallSid=self.caller_sid, ConferenceSid=self.conference_sid,
            StatusCallbackEvent=events.get(rest, "participant-leave"), ParticipantLabel=labels[who],
            SequenceNumber=str(NUMBERS[what]), ReasonParticipantLeft=reason,
        )  # fmt: skip

    async def status(self, status: str, path: str, call_sid: str = "") -> None:
        number = ("initiated", "ringing", "in-progress", "completed").index(status)
        await self.carrier.post(
            path, CallSid=call_sid or self.caller_sid, CallStatus=status, SequenceNumber=str(number)
        )

    async def recording(self, status: str, kind: str) -> None:
        await self.carrier.post(
            f"/tw/cb/rec/{self.call_id}?kind={kind}", CallSid=self.caller_sid, RecordingSid=RECORDING,
            RecordingStatus=status, RecordingDuration="12",
        )  # fmt: skip


def actor(agent_id: UUID) -> Actor:
    return Actor(kind=ActorKind.AGENT, account_id=agent_id)
