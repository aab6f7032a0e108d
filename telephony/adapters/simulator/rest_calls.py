"""Calls and what is recorded of them, over REST."""

from datetime import datetime
from typing import Any

from telephony.adapters.simulator.legs import TERMINAL, Leg
from telephony.adapters.simulator.recordings import Recording, RecordingTerms
from telephony.adapters.simulator.resources import (
    CREATED,
    NO_CONTENT,
    OK,
    Answer,
    Form,
    Resource,
    RestError,
    found,
    moment,
    not_found,
    one,
    page,
)
from telephony.adapters.simulator.runner import Request


class Calls(Resource):
    """Place, look at, redirect and end calls; start, pause and stop what is recorded."""

    def create_call(self, form: Form) -> Answer:
        exchange = self.exchange
        self.refuse_foreign_sender(form["From"][0])
        leg = outgoing_leg(self, form)
        leg.voice_url, leg.twiml = one(form, "Url"), one(form, "Twiml")
        leg.fallback_url = one(form, "FallbackUrl")
        exchange.add_leg(leg)
        exchange.outgoing.dial(leg)
        return CREATED, self._described(leg)

    def list_calls(self, form: Form) -> Answer:
        status, to, caller, parent = (one(form, name) for name in ("Status", "To", "From", "ParentCallSid"))
        legs = [
            leg
            for leg in reversed(self.exchange.legs.values())
            if status in ("", self._status(leg))
            and to in ("", leg.to)
            and caller in ("", leg.from_)
            and parent in ("", leg.parent_sid)
        ]
        return OK, page("calls", [self._described(leg) for leg in legs], form)

    def fetch_call(self, sid: str, _: Form) -> Answer:
        return OK, self._described(self._leg(sid))

    def update_call(self, sid: str, form: Form) -> Answer:
        leg = self._leg(sid)
        goes_on = "Url" in form or "Twiml" in form
        if leg.is_over or (not leg.is_talking and goes_on):
            raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
        if goes_on:
            url = one(form, "Url")
            self.exchange.note(leg, "redirected", url=url)
            self.exchange.run(leg, Request(url, one(form, "Method", "POST"), twiml=one(form, "Twiml")))
        elif "Status" in form:
            self._end(leg, form["Status"][0])
        else:
            self.exchange.limit(leg, int(form["TimeLimit"][0]))
        return OK, self._described(leg)

    def _end(self, leg: Leg, status: str) -> None:
        if status == "canceled" and leg.is_talking:
            raise RestError(400, 21220, "Call is in-progress. Cannot cancel.")
        self.exchange.end_leg(leg)

    def delete_call(self, sid: str, _: Form) -> Answer:
        leg = self._leg(sid)
        if not leg.is_over:
            raise RestError(409, 20409, "A call in progress cannot be deleted")
        del self.exchange.legs[sid]
        return NO_CONTENT, None

    def create_call_recording(self, sid: str, form: Form) -> Answer:
        leg = self._leg(sid)
        if not leg.is_talking:
            raise RestError(400, 21220, "Requested resource is not eligible for recording")
        recording = self.exchange.recorder.start(leg, recording_terms(form, "StartCallRecordingAPI"))
        return CREATED, described_recording(self, recording)

    def list_call_recordings(self, sid: str, form: Form) -> Answer:
        recordings = self.exchange.recorder.of(self._leg(sid))
        return OK, page("recordings", [described_recording(self, each) for each in recordings], form)

    def update_call_recording(self, sid: str, key: str, form: Form) -> Answer:
        leg = self._leg(sid)
        running = [
            each for each in self.exchange.recorder.running(leg) if key in (each.sid, "Twilio.CURRENT")
        ]
        if not running:
            raise not_found(key)
        recording, status, now = running[-1], form["Status"][0], self.exchange.now
        self.exchange.note(leg, "recording", status=status)
        if status == "paused":
            recording.pause(now, skips=one(form, "PauseBehavior") == "skip")
        elif status == "in-progress":
            recording.resume(now)
        else:
            self.exchange.recorder.finish(recording)
        return OK, described_recording(self, recording)

    def _leg(self, sid: str) -> Leg:
        return found(self.exchange.legs.get(sid), sid)

    def _status(self, leg: Leg) -> str:
        """As this resource tells it: a moment late, and a call that is being set up is still queued."""
        lag = round(self.exchange.faults.calls_lag * 1000)
        status = leg.status_at(self.exchange.scheduler.ms - lag) if lag else leg.status
        return "queued" if status == "initiated" else status

    def _described(self, leg: Leg) -> dict[str, Any]:
        status = self._status(leg)
        return {
            "sid": leg.sid,
            "account_sid": self.exchange.account_sid,
            "parent_call_sid": leg.parent_sid or None,
            "to": leg.to,
            "from": leg.from_,
            "status": status,
            "direction": leg.direction,
            "date_created": moment(leg.created_at),
            "start_time": moment(leg.answered_at),
            "end_time": moment(leg.ended_at) if status in TERMINAL else None,
            "duration": str(leg.seconds()) if status in TERMINAL else None,
            "queue_time": str(leg.queue_ms),
            "api_version": "2010-04-01",
        }


class Recordings(Resource):
    """What has been recorded."""

    def list_recordings(self, form: Form) -> Answer:
        sid, since = one(form, "CallSid"), one(form, "DateCreated>")
        recordings = [
            each
            for each in self.exchange.recorder.recordings.values()
            if sid in ("", each.call_sid) and (not since or each.started_at >= datetime.fromisoformat(since))
        ]
        return OK, page("recordings", [described_recording(self, each) for each in recordings], form)

    def fetch_recording(self, sid: str, _: Form) -> Answer:
        return OK, described_recording(self, self._recording(sid))

    def delete_recording(self, sid: str, _: Form) -> Answer:
        if self._recording(sid).is_running:
            raise RestError(400, 20001, "The recording is in progress and cannot be deleted")
        del self.exchange.recorder.recordings[sid]
        return NO_CONTENT, None

    def wav(self, sid: str) -> bytes:
        """The recording itself.

        Raises:
            RestError: there is none, or it is not ready.
        """
        recording = self._recording(sid)
        if not recording.is_ready:
            raise not_found(sid)
        return recording.wav()

    def _recording(self, sid: str) -> Recording:
        return found(self.exchange.recorder.recordings.get(sid), sid)


def outgoing_leg(resource: Resource, form: Form) -> Leg:
    """A leg that the carrier is asked to ring, by the fields that every such request has."""
    exchange = resource.exchange
    return Leg(
        sid=exchange.new_sid("CA"),
        direction="outbound-api",
        from_=form["From"][0],
        to=form["To"][0],
        created_at=exchange.now,
        status_callback=one(form, "StatusCallback"),
        status_events=frozenset(form.get("StatusCallbackEvent", ["completed"])),
        ring_seconds=int(one(form, "Timeout", "60")),
        limit_seconds=int(one(form, "TimeLimit", "14400")),
    )


def recording_terms(form: Form, source: str) -> RecordingTerms:
    return RecordingTerms(
        source=source,
        channels=2 if one(form, "RecordingChannels") == "dual" else 1,
        callback=one(form, "RecordingStatusCallback"),
        events=frozenset(form.get("RecordingStatusCallbackEvent", ["completed"])),
    )


def described_recording(resource: Resource, recording: Recording) -> dict[str, Any]:
    return {
        "sid": recording.sid,
        "account_sid": resource.exchange.account_sid,
        "call_sid": recording.call_sid,
        "duration": str(recording.duration),
        "channels": recording.channels,
        "source": recording.source,
        "status": recording.status,
        "start_time": moment(recording.started_at),
        "media_url": resource.exchange.recorder.url(recording),
    }
