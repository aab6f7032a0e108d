"""The table of REST operations that we use: their fields, and what the values look like.

A request outside of it is a mistake of ours even where Twilio would let it pass, since Twilio ignores a
misspelled field without a word.
"""

from typing import Final

from telephony.adapters.simulator.contract import BASE, FLAG, METHOD, TEXT, URL, WHOLE, Operation, matches

_CALL: Final = f"{BASE}/Calls/{{CallSid}}"
_CONFERENCE: Final = f"{BASE}/Conferences/{{ConferenceSid}}"
_PARTICIPANT: Final = f"{_CONFERENCE}/Participants/{{ParticipantKey}}.json"
_QUEUE: Final = f"{BASE}/Queues/{{QueueSid}}"
_RECORDING: Final = f"{BASE}/Recordings/{{RecordingSid}}.json"
_NUMBER: Final = f"{BASE}/IncomingPhoneNumbers/{{NumberSid}}.json"
_APPLICATION: Final = f"{BASE}/Applications/{{ApplicationSid}}.json"

_MOMENT = matches(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
_CALL_SID = matches("CA[0-9a-fA-F]{32}")
_EVENT = matches("initiated|ringing|answered|completed")
_RECORDING_EVENT = matches("in-progress|completed|absent")
_CONFERENCE_EVENT = matches("start|end|join|leave|mute|hold|modify|speaker|announcement")
_LABEL = matches(r".{1,128}")
_CHANNELS = matches("mono|dual")
_TRIM = matches("trim-silence|do-not-trim")
_SHORT_DOCUMENT = matches(r"(?s).{1,4000}")
_PAGE = {"PageSize": WHOLE, "Page": WHOLE, "PageToken": TEXT}
_RECORDING_CALLBACK = {
    "RecordingStatusCallback": URL,
    "RecordingStatusCallbackMethod": METHOD,
    "RecordingStatusCallbackEvent": _RECORDING_EVENT,
    "RecordingChannels": _CHANNELS,
    "Trim": _TRIM,
}
_STATUS_CALLBACK = {"StatusCallback": URL, "StatusCallbackMethod": METHOD, "StatusCallbackEvent": _EVENT}
_VOICE = {
    "VoiceUrl": URL,
    "VoiceMethod": METHOD,
    "VoiceFallbackUrl": URL,
    "VoiceFallbackMethod": METHOD,
    "StatusCallback": URL,
    "StatusCallbackMethod": METHOD,
    "FriendlyName": TEXT,
}
_WISHED_NUMBER = {
    "Contains": matches(r"[0-9A-Za-z*+]{2,16}"),
    "AreaCode": matches(r"\d{1,5}"),
    "VoiceEnabled": FLAG,
    "SmsEnabled": FLAG,
    "InRegion": TEXT,
    "InLocality": TEXT,
    "PageSize": WHOLE,
    "Page": WHOLE,
}

_CALLS: Final = (
    Operation(
        "create_call",
        "POST",
        f"{BASE}/Calls.json",
        _STATUS_CALLBACK
        | {
            "To": TEXT,
            "From": TEXT,
            "Url": URL,
            "Twiml": _SHORT_DOCUMENT,
            "Method": METHOD,
            "FallbackUrl": URL,
            "FallbackMethod": METHOD,
            "Timeout": WHOLE,
            "TimeLimit": WHOLE,
        },
        required=("To", "From"),
        repeated=("StatusCallbackEvent",),
        one_of=("Url", "Twiml"),
    ),
    Operation(
        "list_calls",
        "GET",
        f"{BASE}/Calls.json",
        {"Status": TEXT, "To": TEXT, "From": TEXT, "ParentCallSid": _CALL_SID, "StartTime>": TEXT} | _PAGE,
    ),
    Operation("fetch_call", "GET", f"{_CALL}.json"),
    Operation(
        "update_call",
        "POST",
        f"{_CALL}.json",
        {
            "Url": URL,
            "Twiml": _SHORT_DOCUMENT,
            "Method": METHOD,
            "Status": matches("canceled|completed"),
            "TimeLimit": WHOLE,
        },
        one_of=("Url", "Twiml", "Status", "TimeLimit"),
    ),
    Operation("delete_call", "DELETE", f"{_CALL}.json"),
    Operation(
        "create_call_recording",
        "POST",
        f"{_CALL}/Recordings.json",
        _RECORDING_CALLBACK | {"RecordingTrack": matches("inbound|outbound|both")},
        repeated=("RecordingStatusCallbackEvent",),
    ),
    Operation("list_call_recordings", "GET", f"{_CALL}/Recordings.json", _PAGE),
    Operation(
        "update_call_recording",
        "POST",
        f"{_CALL}/Recordings/{{RecordingKey}}.json",
        {"Status": matches("in-progress|paused|stopped"), "PauseBehavior": matches("skip|silence")},
        required=("Status",),
    ),
)

_CONFERENCES: Final = (
    Operation(
        "list_conferences",
        "GET",
        f"{BASE}/Conferences.json",
        {"FriendlyName": TEXT, "Status": matches("init|in-progress|completed")} | _PAGE,
    ),
    Operation("fetch_conference", "GET", f"{_CONFERENCE}.json"),
    Operation(
        "update_conference",
        "POST",
        f"{_CONFERENCE}.json",
        {"Status": matches("completed"), "AnnounceUrl": URL, "AnnounceMethod": METHOD},
        one_of=("Status", "AnnounceUrl"),
    ),
    Operation(
        "create_participant",
        "POST",
        f"{BASE}/Conferences/{{ConferenceKey}}/Participants.json",
        _STATUS_CALLBACK
        | _RECORDING_CALLBACK
        | {
            "From": TEXT,
            "To": TEXT,
            "Label": _LABEL,
            "EarlyMedia": FLAG,
            "Timeout": WHOLE,
            "TimeLimit": WHOLE,
            "Record": FLAG,
            "Muted": FLAG,
            "Beep": matches("true|false|onEnter|onExit"),
            "StartConferenceOnEnter": FLAG,
            "EndConferenceOnExit": FLAG,
            "WaitUrl": URL,
            "WaitMethod": METHOD,
            "MaxParticipants": WHOLE,
            "ConferenceStatusCallback": URL,
            "ConferenceStatusCallbackMethod": METHOD,
            "ConferenceStatusCallbackEvent": _CONFERENCE_EVENT,
            "Coaching": FLAG,
            "CallSidToCoach": _CALL_SID,
            "Region": matches(r"[a-z]{2}\d"),
            "JitterBufferSize": matches("off|small|medium|large"),
        },
        required=("From", "To"),
        repeated=("StatusCallbackEvent", "ConferenceStatusCallbackEvent", "RecordingStatusCallbackEvent"),
        needs={"CallSidToCoach": "Coaching"},
    ),
    Operation(
        "list_participants",
        "GET",
        f"{_CONFERENCE}/Participants.json",
        {"Muted": FLAG, "Hold": FLAG, "Coaching": FLAG} | _PAGE,
    ),
    Operation("fetch_participant", "GET", _PARTICIPANT),
    Operation(
        "update_participant",
        "POST",
        _PARTICIPANT,
        {
            "Muted": FLAG,
            "Hold": FLAG,
            "HoldUrl": URL,
            "HoldMethod": METHOD,
            "AnnounceUrl": URL,
            "AnnounceMethod": METHOD,
            "WaitUrl": URL,
            "WaitMethod": METHOD,
            "Coaching": FLAG,
            "CallSidToCoach": _CALL_SID,
            "EndConferenceOnExit": FLAG,
            "BeepOnExit": FLAG,
        },
        one_of=("Muted", "Hold", "AnnounceUrl", "WaitUrl", "Coaching", "EndConferenceOnExit", "BeepOnExit"),
        needs={"HoldUrl": "Hold", "CallSidToCoach": "Coaching"},
    ),
    Operation("delete_participant", "DELETE", _PARTICIPANT),
)

_QUEUES: Final = (
    Operation("list_queues", "GET", f"{BASE}/Queues.json", _PAGE),
    Operation(
        "create_queue",
        "POST",
        f"{BASE}/Queues.json",
        {"FriendlyName": matches(r".{1,64}"), "MaxSize": matches(r"[1-9]\d{0,3}")},
        required=("FriendlyName",),
    ),
    Operation("fetch_queue", "GET", f"{_QUEUE}.json"),
    Operation(
        "update_queue",
        "POST",
        f"{_QUEUE}.json",
        {"FriendlyName": matches(r".{1,64}"), "MaxSize": matches(r"[1-9]\d{0,3}")},
        one_of=("FriendlyName", "MaxSize"),
    ),
    Operation("delete_queue", "DELETE", f"{_QUEUE}.json"),
    Operation("list_members", "GET", f"{_QUEUE}/Members.json", _PAGE),
    Operation("fetch_member", "GET", f"{_QUEUE}/Members/{{MemberKey}}.json"),
    Operation(
        "update_member",
        "POST",
        f"{_QUEUE}/Members/{{MemberKey}}.json",
        {"Url": URL, "Method": METHOD},
        required=("Url",),
    ),
)

_OTHERS: Final = (
    Operation(
        "list_recordings",
        "GET",
        f"{BASE}/Recordings.json",
        {"CallSid": _CALL_SID, "ConferenceSid": matches("CF[0-9a-fA-F]{32}"), "DateCreated>": _MOMENT}
        | _PAGE,
    ),
    Operation("fetch_recording", "GET", _RECORDING),
    Operation("delete_recording", "DELETE", _RECORDING),
    Operation(
        "list_numbers",
        "GET",
        f"{BASE}/IncomingPhoneNumbers.json",
        {"PhoneNumber": TEXT, "FriendlyName": TEXT} | _PAGE,
    ),
    Operation(
        "create_number",
        "POST",
        f"{BASE}/IncomingPhoneNumbers.json",
        _VOICE
        | {
            "PhoneNumber": matches(r"\+[1-9]\d{7,14}"),
            "AreaCode": matches(r"\d{1,5}"),
            "AddressSid": matches("AD[0-9a-fA-F]{32}"),
            "BundleSid": matches("BU[0-9a-fA-F]{32}"),
        },
        one_of=("PhoneNumber", "AreaCode"),
    ),
    Operation("fetch_number", "GET", _NUMBER),
    Operation("update_number", "POST", _NUMBER, _VOICE, one_of=tuple(_VOICE)),
    Operation("delete_number", "DELETE", _NUMBER),
    *(
        Operation(
            f"list_available_{name}",
            "GET",
            f"{BASE}/AvailablePhoneNumbers/{{CountryCode}}/{kind}.json",
            _WISHED_NUMBER,
        )
        for name, kind in (("local", "Local"), ("national", "National"), ("toll_free", "TollFree"))
    ),
    Operation("list_applications", "GET", f"{BASE}/Applications.json", {"FriendlyName": TEXT} | _PAGE),
    Operation("fetch_application", "GET", _APPLICATION),
    Operation("update_application", "POST", _APPLICATION, _VOICE, one_of=tuple(_VOICE)),
    Operation(
        "create_message",
        "POST",
        f"{BASE}/Messages.json",
        {"To": TEXT, "From": TEXT, "Body": matches(r"(?s).{1,1600}"), "StatusCallback": URL},
        required=("To", "From", "Body"),
    ),
    Operation("fetch_message", "GET", f"{BASE}/Messages/{{MessageSid}}.json"),
)

OPERATIONS: Final = (*_CALLS, *_CONFERENCES, *_QUEUES, *_OTHERS)
