"""Presence and desks in words."""

from collections.abc import Mapping

from desks.values import BreakReason, DeskState, MenuAction, NotReadyReason, Presence, Unattended
from nanori.words import N_, Words

PRESENCE: Mapping[Presence, str] = {
    Presence.OFFLINE: N_("Off duty"),
    Presence.READY: N_("Ready to answer"),
    Presence.RINGING: N_("Ringing"),
    Presence.BUSY: N_("On a call"),
    Presence.WRAPUP: N_("After-call work"),
    Presence.BREAK: N_("On a break"),
    Presence.NOT_READY: N_("Not receiving calls"),
}
BADGES: Mapping[Presence, str] = {
    Presence.READY: "good",
    Presence.RINGING: "accent",
    Presence.BUSY: "accent",
    Presence.WRAPUP: "accent",
    Presence.NOT_READY: "bad",
    Presence.BREAK: "warn",
}
"""Colour of a presence's badge; off duty is grey."""

WHY: Mapping[str, str] = {
    BreakReason.PAUSE.value: N_("Short break"),
    BreakReason.LUNCH.value: N_("Lunch"),
    BreakReason.MEETING.value: N_("Meeting"),
    BreakReason.TRAINING.value: N_("Training"),
    BreakReason.PAPERWORK.value: N_("Paperwork"),
    NotReadyReason.MISSED.value: N_("A call was not answered"),
    NotReadyReason.PHONE_PROBLEM.value: N_("The phone did not connect"),
    NotReadyReason.OWN_PHONE.value: N_("The agent's own telephone did not take a call"),
    NotReadyReason.NO_KEY.value: N_("Nobody pressed 1 on the agent's own telephone"),
    NotReadyReason.MICROPHONE.value: N_("No microphone"),
    NotReadyReason.NETWORK.value: N_("No way to the telephone network"),
    NotReadyReason.TOKEN.value: N_("Not signed in to the telephone network"),
    NotReadyReason.SILENT.value: N_("The page cannot be reached"),
}

DESK_STATES: Mapping[DeskState, str] = {
    DeskState.DRAFT: N_("Being prepared"),
    DeskState.CHECKING: N_("Being checked"),
    DeskState.SCHEDULED: N_("Opens by itself"),
    DeskState.OPEN: N_("Taking calls"),
    DeskState.PAUSED: N_("Paused"),
    DeskState.CLOSING: N_("Being wound up"),
    DeskState.CLOSED: N_("Closed for good"),
}


MENU_ACTIONS: Mapping[MenuAction, str] = {
    MenuAction.QUEUE: N_("wait for an agent of this desk"),
    MenuAction.DESK: N_("wait for an agent of another desk"),
    MenuAction.VOICEMAIL: N_("leave a message"),
    MenuAction.SAY: N_("hear the answer"),
}
UNATTENDED: Mapping[Unattended, str] = {
    Unattended.VOICEMAIL: N_("Ask the caller to leave a message"),
    Unattended.CONTACTS: N_("Call the shop's own people while the caller waits"),
}


def presence_in(words: Words, state: Presence, reason: str | None) -> str:
    """What an agent is doing, with the reason where there is one."""
    said = words.gettext(PRESENCE[state])
    why = WHY.get(reason or "")
    return words.gettext("{state} ({reason})").format(state=said, reason=words.gettext(why)) if why else said
