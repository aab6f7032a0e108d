"""What a webhook's handler is given: what the carrier signed, when, and the line that it is about."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.alerts import raise_alert
from nanori.installation import Installation
from nanori.tally import Tally
from nanori.web.access import signed_by_carrier
from telephony.alarms import WEBHOOKS_REPEATED
from telephony.commands.callers import Line, Ringing
from telephony.front_door import Doors
from telephony.lines import find_line
from telephony.urls import Urls
from telephony.web.answers import (
    AnyRequest,
    UnknownCall,
    apologise,
    refuse_malformed,
    refuse_unsigned,
    say_not_known,
)
from telephony.web.receipts import once
from telephony.web.signature import Malformed, Signed, Unsigned, signed_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One webhook with the right signature. No shop is bound yet."""

    signed: Signed
    session: AsyncSession
    urls: Urls
    now: datetime
    tally: Tally
    doors: Doors

    def ringing(self) -> Ringing:
        """What it tells of a call that is new."""
        signed = self.signed
        return Ringing(
            call_id=uuid7(), account_sid=signed.text("AccountSid"), call_sid=signed.call_sid,
            from_number=signed.from_number, to_number=signed.text("To"),
        )  # fmt: skip

    async def find(self, key: object) -> "OnLine | None":
        """This webhook on the line of a call, by our id or the caller's CallSid.

        Binds the call's shop and locks the call. None when there is no such call.
        """
        line = await find_line(self.session, str(key), self.urls.public_url)
        if line is None:
            return None
        return OnLine(
            signed=self.signed, session=self.session, urls=self.urls, now=self.now, tally=self.tally,
            doors=self.doors, line=line,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OnLine(Webhook):
    """A webhook about a call that we know: its shop is bound, the call is locked."""

    line: Line

    async def once(self, key: str, apply: Callable[[], Awaitable[str | None]]) -> str | None:
        """Apply under its natural key; a repeat changes nothing and gets the first answer again."""
        answer, is_repeat = await once(self.session, self.line.call, key, apply, now=self.now)
        if is_repeat:
            await self.note_repeat()
        return answer

    async def note_repeat(self) -> None:
        """The carrier sent this before: nothing now and then; often, an operator looks at the load."""
        times = self.tally.count(WEBHOOKS_REPEATED, now=self.now)
        if times:
            await raise_alert(self.session, WEBHOOKS_REPEATED, now=self.now, times=times)


async def check_signature(request: AnyRequest) -> None:
    """Runs before each handler, whether it reads the form or not.

    Raises:
        Unsigned: no signature, a wrong one, or another account's.
        Malformed: signed, but not a form that we understand.
    """
    house: Installation = request.app.state.installation
    request.scope["state"]["signed"] = await signed_form(request, house.settings)


async def webhook(request: AnyRequest) -> Webhook:
    house: Installation = request.app.state.installation
    state = request.scope["state"]
    return Webhook(
        signed=state["signed"], session=state["session"], urls=Urls(house.settings.public_url),
        now=state["context"].now, tally=request.app.state.tally, doors=request.app.state.doors,
    )  # fmt: skip


async def party(webhook: NamedDependency[Webhook], call_id: FromPath[UUID]) -> OnLine:
    """A webhook about the call of the URL, from any of its legs.

    Raises:
        UnknownCall: there is no such call.
    """
    found = await webhook.find(call_id)
    if found is None:
        raise UnknownCall(call_id)
    return found


async def caller(party: NamedDependency[OnLine]) -> OnLine:
    """A webhook of the caller's own leg.

    Raises:
        UnknownCall: another call's leg sends it.
    """
    if party.line.call.call_sid != party.signed.call_sid:
        raise UnknownCall(party.line.call.id)
    return party


class Webhooks(Controller):
    """Handlers ask for ``webhook``, or for ``caller`` or ``party`` when the URL names the call."""

    path = "/tw"
    opt = signed_by_carrier()
    before_request = staticmethod(check_signature)
    dependencies = {  # noqa: RUF012 - read once
        "webhook": Provide(webhook), "party": Provide(party), "caller": Provide(caller),
    }  # fmt: skip
    exception_handlers = {  # noqa: RUF012 - read once
        Unsigned: refuse_unsigned, Malformed: refuse_malformed, UnknownCall: say_not_known,
        Exception: apologise,
    }  # fmt: skip
