"""The real carrier: Twilio's REST interface behind the port."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, cast

from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client
from twilio.rest.api.v2010.account.call.recording import RecordingInstance as RecordingOfCall
from twilio.rest.api.v2010.account.recording import RecordingInstance

from telephony.adapters.transport import CarrierTransport
from telephony.carrier_errors import (
    CallerIdRefused,
    CallLimitReached,
    CarrierBusy,
    CarrierError,
    CarrierGone,
    CarrierRefused,
    CarrierUnknown,
    CoachNotThere,
    CountryNotPermitted,
    CredentialsRefused,
    LabelTaken,
    NumberUnreachable,
)
from telephony.ports import CallerSeen, ConferenceSeen, LegSeen, ParticipantSeen, RecordingSeen

_UNAUTHORISED: Final = 401
_NOT_FOUND: Final = 404
_TOO_MANY_REQUESTS: Final = 429
_OUTAGE: Final = 500
# 20404 no such resource; 21220 the call is not in progress; 21221 the call is not active.
_GONE_CODES: Final = frozenset({20404, 21220, 21221})
REFUSALS: Final = {
    20003: CredentialsRefused,
    20005: CredentialsRefused,  # the account is not active
    10004: CallLimitReached,
    86008: CallLimitReached,
    13224: NumberUnreachable,
    21211: NumberUnreachable,
    21214: NumberUnreachable,
    21217: NumberUnreachable,
    21614: NumberUnreachable,  # no mobile number
    13227: CountryNotPermitted,
    21215: CountryNotPermitted,
    32205: CountryNotPermitted,
    13214: CallerIdRefused,
    21210: CallerIdRefused,
    21212: CallerIdRefused,
    13240: CoachNotThere,
    16025: LabelTaken,
}
"""Twilio's numbers that mean a decision of their own; any other refusal is a plain ``CarrierRefused``."""
_PRESENT: Final = "connected"  # others are still being called
_BEING_MADE: Final = frozenset({"in-progress", "paused", "stopped", "processing"})
_DOWNLOAD_SECONDS: Final = 60.0
_STATUS_EVENTS: Final = ("initiated", "ringing", "answered", "completed")


class TwilioCarrier:
    """Orders to Twilio.

    Args:
        key: API key and its secret, when orders do not go out under the account's own token.
        transport: how requests travel; the default speaks to Twilio.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        key: tuple[str, str] | None = None,
        transport: CarrierTransport | None = None,
    ) -> None:
        self._account_sid = account_sid
        self._auth = key or (account_sid, auth_token)
        self._transport = transport or CarrierTransport()
        self.client = Client(*self._auth, account_sid=account_sid, http_client=self._transport)

    async def close(self) -> None:
        await self._transport.close()

    async def connect_waiting(self, *, queue_sid: str, call_sid: str, url: str) -> None:
        with translated():
            await self.client.queues(queue_sid).members(call_sid).update_async(url=url, method="POST")

    async def hold(self, *, conference_sid: str, label: str, url: str) -> None:
        participant = self.client.conferences(conference_sid).participants(label)
        with translated():
            await participant.update_async(hold=True, hold_url=url, hold_method="POST")

    async def resume(self, *, conference_sid: str, label: str) -> None:
        participant = self.client.conferences(conference_sid).participants(label)
        with translated():
            await participant.update_async(hold=False)

    async def remove_participant(self, *, conference_sid: str, label: str) -> None:
        with translated():
            await self.client.conferences(conference_sid).participants(label).delete_async()

    async def supervise(self, *, conference_sid: str, label: str, muted: bool, coach: str | None) -> None:
        participant = self.client.conferences(conference_sid).participants(label)
        with translated():
            if coach is None:
                await participant.update_async(muted=muted, coaching=False)
            else:
                await participant.update_async(muted=muted, coaching=True, call_sid_to_coach=coach)

    async def dial(
        self, *, to: str, caller_id: str, url: str, status_url: str, ring_seconds: int, limit_seconds: int
    ) -> str:
        with translated():
            call = await self.client.calls.create_async(
                to=to,
                from_=caller_id,
                url=url,
                method="POST",
                status_callback=status_url,
                status_callback_method="POST",
                status_callback_event=list(_STATUS_EVENTS),
                timeout=ring_seconds,
                time_limit=limit_seconds,
            )
        return str(call.sid)

    async def text(self, *, to: str, sender: str, body: str, status_url: str) -> str:
        with translated():
            message = await self.client.messages.create_async(
                to=to, from_=sender, body=body, status_callback=status_url
            )
        return str(message.sid)

    async def dial_into(
        self,
        *,
        conference: str,
        label: str,
        to: str,
        caller_id: str,
        status_url: str,
        ring_seconds: int,
        limit_seconds: int,
    ) -> str:
        with translated():
            participant = await self.client.conferences(conference).participants.create_async(
                to=to,
                from_=caller_id,
                label=label,
                early_media=True,
                beep="false",
                end_conference_on_exit=True,
                status_callback=status_url,
                status_callback_method="POST",
                status_callback_event=list(_STATUS_EVENTS),
                timeout=ring_seconds,
                time_limit=limit_seconds,
            )
        return str(participant.call_sid)

    async def redirect(self, *, call_sid: str, url: str) -> None:
        with translated():
            await self.client.calls(call_sid).update_async(url=url, method="POST")

    async def hang_up(self, *, call_sid: str) -> None:
        with translated():
            await self.client.calls(call_sid).update_async(status="completed")

    async def look_at_leg(self, *, call_sid: str) -> LegSeen:
        with translated():
            found = await self.client.calls(call_sid).fetch_async()
        return LegSeen(status=str(found.status), ended_at=found.end_time)

    async def look_at_conference(self, *, name: str) -> ConferenceSeen | None:
        with translated():
            found = await self.client.conferences.list_async(friendly_name=name, limit=1)
            if not found:
                return None
            newest, sid = found[0], str(found[0].sid)
            is_over = str(newest.status) == "completed"
            people = [] if is_over else await self.client.conferences(sid).participants.list_async()
        return ConferenceSeen(
            conference_sid=sid,
            is_over=is_over,
            participants={
                str(one.label): ParticipantSeen(
                    call_sid=str(one.call_sid), held=bool(one.hold), joined_at=one.date_created
                )
                for one in people
                if one.label and str(one.status) == _PRESENT
            },
            ended_by=newest.call_sid_ending_conference or "",
        )

    async def look_at_caller(self, *, call_sid: str) -> CallerSeen:
        with translated():
            found = await self.client.calls(call_sid).fetch_async()
        if found.date_created is None:
            raise CarrierUnknown("a call without a beginning")
        return CallerSeen(
            from_number=str(found._from or ""),  # noqa: SLF001 - as the package spells a reserved word
            to_number=str(found.to or ""),
            came_in=str(found.direction) == "inbound",
            began_at=found.date_created,
        )

    async def recordings_of(self, *, call_sid: str) -> list[RecordingSeen]:
        with translated():
            found = await self.client.recordings.list_async(call_sid=call_sid)
        return [_recording(one) for one in found]

    async def recordings_since(self, *, since: datetime) -> list[RecordingSeen]:
        with translated():
            found = await self.client.recordings.list_async(date_created_after=since.astimezone(UTC))
        return [_recording(one) for one in found]

    async def pause_recording(self, *, call_sid: str) -> None:
        await self._switch_recording(call_sid, "paused")

    async def resume_recording(self, *, call_sid: str) -> None:
        await self._switch_recording(call_sid, "in-progress")

    async def fetch_recording(self, *, recording_sid: str) -> bytes:
        uri = f"https://api.twilio.com/2010-04-01/Accounts/{self._account_sid}/Recordings/{recording_sid}.wav"
        answer = await self._transport.download(uri, auth=self._auth, at_most_seconds=_DOWNLOAD_SECONDS)
        if answer.is_success:
            return answer.content
        raise _error(answer.status_code, answer.status_code, "recording media")

    async def delete_recording(self, *, recording_sid: str) -> None:
        with translated():
            await self.client.recordings(recording_sid).delete_async()

    async def _switch_recording(self, call_sid: str, status: str) -> None:
        """Of whatever is being recorded of a call now."""
        current = self.client.calls(call_sid).recordings("Twilio.CURRENT")
        to = cast("RecordingOfCall.Status", status)  # the package's own type is a namespace of strings
        with translated():
            if status == "paused":
                await current.update_async(status=to, pause_behavior="silence")
            else:
                await current.update_async(status=to)


def _recording(one: RecordingInstance) -> RecordingSeen:
    return RecordingSeen(
        recording_sid=str(one.sid),
        call_sid=str(one.call_sid),
        is_message=str(one.source) == "RecordVerb",
        is_complete=str(one.status) == "completed",
        is_being_made=str(one.status) in _BEING_MADE,
        seconds=int(one.duration) if one.duration and int(one.duration) >= 0 else None,
        began_at=one.start_time or one.date_created,
    )


@contextmanager
def translated() -> Iterator[None]:
    """Every failure of the package becomes one of ours, once."""
    try:
        yield
    except TwilioRestException as error:
        raise _error(error.status, error.code or error.status, error.msg) from error
    except TwilioServiceException as error:
        raise _error(error.status, error.code, str(error)) from error
    except TwilioException as error:
        raise CarrierUnknown(str(error)) from error


def _error(status: int, code: int, message: str) -> CarrierError:
    if status == _TOO_MANY_REQUESTS:
        return CarrierBusy(message)
    if status >= _OUTAGE:
        return CarrierUnknown(message)
    if status == _NOT_FOUND or code in _GONE_CODES:
        return CarrierGone(message)
    usual = CredentialsRefused if status == _UNAUTHORISED else CarrierRefused
    return REFUSALS.get(code, usual)(code, message)
