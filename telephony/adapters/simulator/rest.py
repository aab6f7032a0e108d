"""What the REST interface does with a request that passed the contract."""

from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final, TypeVar

from telephony.adapters.simulator.conferences import Conference, Participant, Refused
from telephony.adapters.simulator.exchange import Exchange
from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.queues import Member, Queue
from telephony.adapters.simulator.recordings import Recording
from telephony.adapters.simulator.runner import Request

Form = dict[str, list[str]]
Answer = tuple[int, dict[str, Any] | None]

_OK: Final = 200
_CREATED: Final = 201
_NO_CONTENT: Final = 204


class RestError(Exception):
    """A refusal, as the carrier spells it."""

    def __init__(self, status: int, code: int, message: str) -> None:
        self.status = status
        self.code = code
        super().__init__(message)

    def body(self) -> dict[str, Any]:
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": str(self), "more_info": more, "status": self.status}


def not_found(what: str) -> RestError:
    return RestError(404, 20404, f"The requested resource {what} was not found")


class Rest:
    """One method for each operation of the contract, by its name."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def perform(self, name: str, identifiers: dict[str, str], form: Form) -> Answer:
        """Carry out an operation.

        Raises:
            RestError: refused.
        """
        operation: Callable[..., Answer] = getattr(self, f"_{name}")
        keys = [value for key, value in identifiers.items() if key != "AccountSid"]
        return operation(*keys, form)

    def wav(self, sid: str) -> bytes:
        recording = self._recording(sid)
        if not recording.is_ready:
            raise not_found(sid)
        return recording.wav()

    # Calls

    def _create_call(self, form: Form) -> Answer:
        exchange = self._exchange
        leg = Leg(
            sid=exchange.new_sid("CA"),
            direction="outbound-api",
            from_=form["From"][0],
            to=form["To"][0],
            created_at=exchange.now,
            voice_url=form["Url"][0],
            fallback_url=_one(form, "FallbackUrl"),
            status_callback=_one(form, "StatusCallback"),
            status_events=frozenset(form.get("StatusCallbackEvent", ["completed"])),
            ring_seconds=int(_one(form, "Timeout", "60")),
            limit_seconds=int(_one(form, "TimeLimit", "14400")),
        )
        if exchange.settings.numbers and leg.from_ not in exchange.settings.numbers:
            raise RestError(400, 21210, f"The source phone number provided, {leg.from_}, is not yet verified")
        exchange.add_leg(leg)
        exchange.dial(leg)
        return _CREATED, self._call(leg)

    def _list_calls(self, form: Form) -> Answer:
        status, to, caller = _one(form, "Status"), _one(form, "To"), _one(form, "From")
        found = [
            leg
            for leg in self._exchange.legs.values()
            if status in ("", leg.status) and to in ("", leg.to) and caller in ("", leg.from_)
        ]
        return _OK, _page("calls", [self._call(leg) for leg in found])

    def _fetch_call(self, sid: str, _: Form) -> Answer:
        return _OK, self._call(self._leg(sid))

    def _update_call(self, sid: str, form: Form) -> Answer:
        leg = self._leg(sid)
        if leg.is_over or (not leg.is_talking and "Url" in form):
            raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
        if "Url" in form:
            self._exchange.note(leg, "redirected", url=form["Url"][0])
            self._exchange.run(leg, Request(form["Url"][0], _one(form, "Method", "POST")))
        else:
            self._exchange.end_leg(leg)
        return _OK, self._call(leg)

    def _update_call_recording(self, sid: str, key: str, form: Form) -> Answer:
        leg = self._leg(sid)
        found = [
            one
            for one in self._exchange.recorder.recordings.values()
            if one.call_sid == leg.sid
            and one.status in ("in-progress", "paused")
            and key in (one.sid, "Twilio.CURRENT")
        ]
        if not found:
            raise not_found(key)
        found[-1].status = form["Status"][0]
        return _OK, self._described(found[-1])

    # Conferences

    def _list_conferences(self, form: Form) -> Answer:
        name, status = _one(form, "FriendlyName"), _one(form, "Status")
        found = [
            one
            for one in self._exchange.conferences.values()
            if name in ("", one.name) and status in ("", one.status)
        ]
        return _OK, _page("conferences", [self._conference(one) for one in found])

    def _fetch_conference(self, sid: str, _: Form) -> Answer:
        return _OK, self._conference(self._found_conference(sid))

    def _update_conference(self, sid: str, _: Form) -> Answer:
        conference = self._found_conference(sid)
        conference.end("conference-ended-via-api")
        return _OK, self._conference(conference)

    def _list_participants(self, sid: str, _: Form) -> Answer:
        conference = self._found_conference(sid)
        return _OK, _page(
            "participants", [self._participant(conference, one) for one in conference.participants]
        )

    def _fetch_participant(self, sid: str, key: str, _: Form) -> Answer:
        return _OK, self._participant(*self._found_participant(sid, key))

    def _update_participant(self, sid: str, key: str, form: Form) -> Answer:
        conference, one = self._found_participant(sid, key)
        if "Hold" in form:
            self._hold(conference, one, form)
        if "Muted" in form:
            conference.mute(one, muted=form["Muted"][0] == "true")
        if {"Coaching", "EndConferenceOnExit"} & set(form):
            self._modify(conference, one, form)
        return _OK, self._participant(conference, one)

    def _hold(self, conference: Conference, one: Participant, form: Form) -> None:
        if form["Hold"][0] == "false":
            self._exchange.resume(conference, one)
            return
        url = _one(form, "HoldUrl")
        request = Request(url, _one(form, "HoldMethod", "GET")) if url else None
        self._exchange.hold(conference, one, request)

    def _modify(self, conference: Conference, one: Participant, form: Form) -> None:
        coaching = _one(form, "Coaching")
        coach = {"": None, "true": _one(form, "CallSidToCoach"), "false": ""}[coaching]
        ends = {"": None, "true": True, "false": False}[_one(form, "EndConferenceOnExit")]
        try:
            conference.modify(one, coach=coach, ends=ends)
        except Refused as refused:
            raise RestError(400, refused.code, str(refused)) from refused

    def _delete_participant(self, sid: str, key: str, _: Form) -> Answer:
        conference, one = self._found_participant(sid, key)
        conference.expel(one, "participant_updated_via_api")
        return _NO_CONTENT, None

    # Queues

    def _list_queues(self, _: Form) -> Answer:
        return _OK, _page("queues", [self._queue(queue) for queue in self._exchange.queues.values()])

    def _fetch_queue(self, sid: str, _: Form) -> Answer:
        return _OK, self._queue(self._found_queue(sid))

    def _list_members(self, sid: str, _: Form) -> Answer:
        queue = self._found_queue(sid)
        return _OK, _page("queue_members", [self._member(queue, one) for one in queue.members])

    def _fetch_member(self, sid: str, key: str, _: Form) -> Answer:
        queue = self._found_queue(sid)
        return _OK, self._member(queue, self._found_member(queue, key))

    def _update_member(self, sid: str, key: str, form: Form) -> Answer:
        """Take a caller out of the queue: works once, like a compare-and-swap."""
        queue = self._found_queue(sid)
        member = self._found_member(queue, key)
        described = self._member(queue, member)
        queue.leave(member)
        self._exchange.run(member.leg, Request(form["Url"][0], _one(form, "Method", "POST")))
        return _OK, described

    # Recordings

    def _fetch_recording(self, sid: str, _: Form) -> Answer:
        return _OK, self._described(self._recording(sid))

    def _delete_recording(self, sid: str, _: Form) -> Answer:
        self._recording(sid)
        del self._exchange.recorder.recordings[sid]
        return _NO_CONTENT, None

    # Finding

    def _leg(self, sid: str) -> Leg:
        return _found(self._exchange.legs.get(sid), sid)

    def _recording(self, sid: str) -> Recording:
        return _found(self._exchange.recorder.recordings.get(sid), sid)

    def _found_conference(self, sid: str) -> Conference:
        return _found(self._exchange.conferences.get(sid), sid)

    def _found_participant(self, sid: str, key: str) -> tuple[Conference, Participant]:
        conference = self._found_conference(sid)
        return conference, _found(conference.find(key), key)

    def _found_queue(self, sid: str) -> Queue:
        return _found(next((one for one in self._exchange.queues.values() if one.sid == sid), None), sid)

    def _found_member(self, queue: Queue, key: str) -> Member:
        return _found(queue.find(key), key)

    # Describing

    def _call(self, leg: Leg) -> dict[str, Any]:
        return {
            "sid": leg.sid,
            "account_sid": self._exchange.account_sid,
            "parent_call_sid": leg.parent_sid or None,
            "to": leg.to,
            "from": leg.from_,
            "status": "queued" if leg.status == "initiated" else leg.status,
            "direction": leg.direction,
            "date_created": format_datetime(leg.created_at),
            "start_time": _moment(leg.answered_at),
            "end_time": _moment(leg.ended_at),
            "duration": str(leg.seconds()) if leg.is_over else None,
            "queue_time": str(leg.queue_ms),
            "api_version": "2010-04-01",
        }

    def _conference(self, one: Conference) -> dict[str, Any]:
        return {
            "sid": one.sid,
            "account_sid": self._exchange.account_sid,
            "friendly_name": one.name,
            "status": one.status,
            "reason_conference_ended": one.why_ended or None,
            "call_sid_ending_conference": one.ended_by or None,
            "region": "jp1",
        }

    def _participant(self, conference: Conference, one: Participant) -> dict[str, Any]:
        return {
            "account_sid": self._exchange.account_sid,
            "call_sid": one.leg.sid,
            "conference_sid": conference.sid,
            "label": one.label or None,
            "muted": one.muted,
            "hold": one.held,
            "coaching": bool(one.coach),
            "call_sid_to_coach": one.coach or None,
            "end_conference_on_exit": one.terms.ends,
            "start_conference_on_enter": one.terms.starts,
            "status": "connected",
        }

    def _queue(self, queue: Queue) -> dict[str, Any]:
        return {
            "sid": queue.sid,
            "account_sid": self._exchange.account_sid,
            "friendly_name": queue.name,
            "current_size": len(queue.members),
            "max_size": queue.max_size,
            "average_wait_time": queue.average_wait(self._exchange.now),
            "date_created": format_datetime(queue.created_at),
        }

    def _member(self, queue: Queue, member: Member) -> dict[str, Any]:
        return {
            "call_sid": member.leg.sid,
            "queue_sid": queue.sid,
            "date_enqueued": format_datetime(member.since),
            "position": queue.position(member),
            "wait_time": member.waited(self._exchange.now),
        }

    def _described(self, one: Recording) -> dict[str, Any]:
        return {
            "sid": one.sid,
            "account_sid": self._exchange.account_sid,
            "call_sid": one.call_sid,
            "duration": str(one.duration),
            "channels": one.channels,
            "source": one.source,
            "status": one.status,
            "start_time": format_datetime(one.started_at),
            "media_url": self._exchange.recorder.url(one),
        }


Thing = TypeVar("Thing")


def _found(thing: Thing | None, key: str) -> Thing:
    if thing is None:
        raise not_found(key)
    return thing


def _one(form: Form, name: str, default: str = "") -> str:
    return form.get(name, [default])[0]


def _moment(moment: datetime | None) -> str | None:
    return format_datetime(moment) if moment else None


def _page(name: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: items, "page": 0, "page_size": 50, "first_page_uri": "", "next_page_uri": None, "uri": ""}
