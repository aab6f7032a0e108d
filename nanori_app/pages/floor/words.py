"""The floor in words: alarms, states of calls, headings of the agents' columns."""

from collections.abc import Mapping

from desks.values import Presence
from nanori.words import N_
from nanori_app.pages.floor.alarms import AlarmKind
from telephony.values import CallState, Supervision

TITLES: Mapping[AlarmKind, str] = {
    AlarmKind.HELP: N_("{agent} asks for help"),
    AlarmKind.WAIT: N_("A caller has waited too long"),
    AlarmKind.NOBODY: N_("Nobody is at the desk"),
    AlarmKind.LEVEL: N_("Service level below its line"),
    AlarmKind.NOT_READY: N_("{agent} receives no calls"),
    AlarmKind.TALK: N_("{agent} has talked for long"),
    AlarmKind.WRAPUP: N_("{agent}: long after-call work"),
    AlarmKind.AWAY: N_("{agent}: long break"),
}
SEVERAL: Mapping[AlarmKind, str] = {
    AlarmKind.HELP: N_("{n} agents ask for help"),
    AlarmKind.WAIT: N_("Callers wait too long at {n} desks"),
    AlarmKind.NOBODY: N_("Nobody is at {n} desks"),
    AlarmKind.LEVEL: N_("Service level below its line at {n} desks"),
    AlarmKind.NOT_READY: N_("{n} agents receive no calls"),
    AlarmKind.TALK: N_("{n} calls have gone on for long"),
    AlarmKind.WRAPUP: N_("Long after-call work of {n} agents"),
    AlarmKind.AWAY: N_("Long breaks of {n} agents"),
}
ALARM_ICONS: Mapping[AlarmKind, str] = {
    AlarmKind.HELP: "hand",
    AlarmKind.WAIT: "hourglass",
    AlarmKind.NOBODY: "user-round-x",
    AlarmKind.LEVEL: "gauge",
    AlarmKind.NOT_READY: "phone-off",
    AlarmKind.TALK: "phone-call",
    AlarmKind.WRAPUP: "pencil",
    AlarmKind.AWAY: "coffee",
}

COLUMNS: Mapping[Presence, str] = {
    Presence.READY: N_("Ready now"),
    Presence.RINGING: N_("Ringing"),
    Presence.BUSY: N_("On a call"),
    Presence.WRAPUP: N_("After-call work"),
    Presence.BREAK: N_("On a break"),
    Presence.NOT_READY: N_("Not receiving calls"),
}

CALL_STATES: Mapping[CallState, str] = {
    CallState.CONNECTING: N_("Being connected"),
    CallState.CALLING: N_("Ringing"),
    CallState.TALKING: N_("In conversation"),
    CallState.HELD: N_("On hold"),
    CallState.VOICEMAIL: N_("Leaving a message"),
    CallState.CLOSED: N_("Ended"),
}
CALL_ICONS: Mapping[CallState, str] = {
    CallState.CONNECTING: "phone-incoming",
    CallState.CALLING: "phone-outgoing",
    CallState.TALKING: "phone",
    CallState.HELD: "pause",
}

MODES: Mapping[Supervision, tuple[str, str, str, str]] = {
    Supervision.LISTEN: (N_("Listen"), N_("Nobody hears you."), "ear", "l"),
    Supervision.WHISPER: (N_("Whisper"), N_("Only the agent hears you."), "message-circle", "w"),
    Supervision.BARGE: (N_("Join in"), N_("The caller hears you too."), "megaphone", "b"),
}
"""Label, what it means, icon and key of each way of taking part."""
