"""Conferences and those who are in them, over REST."""

from typing import Any

from telephony.adapters.simulator.conferences import Conference, Participant, Refused, Terms
from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.resources import (
    CREATED,
    NO_CONTENT,
    OK,
    Answer,
    Form,
    Resource,
    RestError,
    flag,
    found,
    moment,
    one,
    page,
)
from telephony.adapters.simulator.rest_calls import outgoing_leg, recording_terms
from telephony.adapters.simulator.runner import Request

_OF_A_RINGING_LEG = {"queued": "queued", "initiated": "connecting", "ringing": "ringing"}
_MOST = 250


class Conferences(Resource):
    """Look at, announce in and end conferences; call in, change and remove participants."""

    def list_conferences(self, form: Form) -> Answer:
        name, status = one(form, "FriendlyName"), one(form, "Status")
        conferences = [
            each
            for each in reversed(self.exchange.conferences.values())
            if name in ("", each.name) and status in ("", each.status)
        ]
        return OK, page("conferences", [self._conference(each) for each in conferences], form)

    def fetch_conference(self, sid: str, _: Form) -> Answer:
        return OK, self._conference(self._found(sid))

    def update_conference(self, sid: str, form: Form) -> Answer:
        conference = self._found(sid)
        if "AnnounceUrl" in form:
            request = Request(form["AnnounceUrl"][0], one(form, "AnnounceMethod", "POST"))
            self.exchange.hall.announce(conference, request)
        if "Status" in form:
            conference.end("conference-ended-via-api")
        return OK, self._conference(conference)

    def create_participant(self, key: str, form: Form) -> Answer:
        """Call somebody into a conference, by SID or by a name that may be new."""
        exchange = self.exchange
        self.refuse_foreign_sender(form["From"][0])
        if key.startswith("CF") and key not in exchange.conferences:
            raise found(None, key)
        conference = exchange.conferences.get(key) or exchange.hall.named(key)
        if conference.status == "completed":
            raise RestError(400, 21220, "The conference has ended")
        label = one(form, "Label")
        if conference.find(label) is not None or conference.find_expected(label) is not None:
            raise RestError(400, 16025, f"Participant label {label} is taken")
        leg = outgoing_leg(self, form)
        leg.joins, leg.joins_in = _terms(form), conference.name
        leg.early_media = flag(form, "EarlyMedia", default=True)
        leg.recorded_by = recording_terms(form, "OutboundAPI") if flag(form, "Record") else None
        exchange.add_leg(leg)
        conference.expected.append(leg)
        exchange.outgoing.dial(leg)
        return CREATED, self._expected(conference, leg)

    def list_participants(self, sid: str, form: Form) -> Answer:
        conference = self._found(sid)
        people = [self._participant(conference, each) for each in conference.participants]
        people += [self._expected(conference, leg) for leg in conference.expected]
        wanted = {name: one(form, name) == "true" for name in ("Muted", "Hold", "Coaching") if name in form}
        shown = [
            each for each in people if all(each[name.lower()] is is_so for name, is_so in wanted.items())
        ]
        return OK, page("participants", shown, form)

    def fetch_participant(self, sid: str, key: str, _: Form) -> Answer:
        conference = self._found(sid)
        expected = conference.find_expected(key)
        if expected is not None:
            return OK, self._expected(conference, expected)
        return OK, self._participant(conference, found(conference.find(key), key))

    def update_participant(self, sid: str, key: str, form: Form) -> Answer:
        conference = self._found(sid)
        participant = found(conference.find(key), key)
        if "AnnounceUrl" in form:
            request = Request(form["AnnounceUrl"][0], one(form, "AnnounceMethod", "POST"))
            self.exchange.hall.announce_to(conference, participant, request)
        if {"Coaching", "EndConferenceOnExit"} & set(form):
            _modify(conference, participant, form)
        if "Muted" in form:
            conference.mute(participant, muted=flag(form, "Muted"))
        if "Hold" in form:
            self._hold(conference, participant, form)
        return OK, self._participant(conference, participant)

    def delete_participant(self, sid: str, key: str, _: Form) -> Answer:
        conference = self._found(sid)
        expected = conference.find_expected(key)
        if expected is not None:
            self.exchange.end_leg(expected, "canceled")
        else:
            conference.expel(found(conference.find(key), key), "participant_updated_via_api")
        return NO_CONTENT, None

    def _hold(self, conference: Conference, participant: Participant, form: Form) -> None:
        if not flag(form, "Hold"):
            self.exchange.hall.resume(conference, participant)
            return
        url = one(form, "HoldUrl")
        request = Request(url, one(form, "HoldMethod", "GET")) if url else None
        self.exchange.hall.hold(conference, participant, request)

    def _found(self, sid: str) -> Conference:
        return found(self.exchange.conferences.get(sid), sid)

    def _conference(self, conference: Conference) -> dict[str, Any]:
        return {
            "sid": conference.sid,
            "account_sid": self.exchange.account_sid,
            "friendly_name": conference.name,
            "status": conference.status,
            "reason_conference_ended": conference.why_ended or None,
            "call_sid_ending_conference": conference.ended_by or None,
            "region": "jp1",
            "date_created": moment(conference.created_at),
        }

    def _participant(self, conference: Conference, participant: Participant) -> dict[str, Any]:
        return {
            "account_sid": self.exchange.account_sid,
            "call_sid": participant.leg.sid,
            "conference_sid": conference.sid,
            "label": participant.label or None,
            "muted": participant.muted,
            "hold": participant.held,
            "coaching": bool(participant.coach),
            "call_sid_to_coach": participant.coach or None,
            "end_conference_on_exit": participant.terms.ends,
            "start_conference_on_enter": participant.terms.starts,
            "status": "connected",
            "date_created": moment(participant.joined_at),
            "queue_time": str(participant.leg.queue_ms),
        }

    def _expected(self, conference: Conference, leg: Leg) -> dict[str, Any]:
        """Somebody whose telephone rings: already listed, with a status that says so."""
        terms = leg.joins or Terms()
        described = self._participant(conference, Participant(leg, terms, None, terms.muted, terms.coach))
        return described | {"status": _OF_A_RINGING_LEG.get(leg.status, "connecting")}


def _terms(form: Form) -> Terms:
    return Terms(
        label=one(form, "Label"),
        muted=flag(form, "Muted"),
        starts=flag(form, "StartConferenceOnEnter", default=True),
        ends=flag(form, "EndConferenceOnExit"),
        coach=one(form, "CallSidToCoach") if flag(form, "Coaching") else "",
        wait_url=one(form, "WaitUrl") if "WaitUrl" in form else None,
        callback=one(form, "ConferenceStatusCallback"),
        events=frozenset(form.get("ConferenceStatusCallbackEvent", [])),
        at_most=int(one(form, "MaxParticipants", str(_MOST))),
    )


def _modify(conference: Conference, participant: Participant, form: Form) -> None:
    coach = None
    if "Coaching" in form:
        coach = one(form, "CallSidToCoach") if flag(form, "Coaching") else ""
    ends = flag(form, "EndConferenceOnExit") if "EndConferenceOnExit" in form else None
    try:
        conference.modify(participant, coach=coach, ends=ends)
    except Refused as refused:
        raise RestError(400, refused.code, str(refused)) from refused
