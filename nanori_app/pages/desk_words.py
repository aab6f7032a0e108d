"""What the agent's desk calls things, and the icon beside each: states, breaks, troubles, contacts."""

from collections.abc import Mapping

from desks.values import BreakReason, NotReadyReason
from interactions.values import AttemptState, Channel, EventKind
from nanori.words import N_

BREAKS: Mapping[BreakReason, tuple[str, str]] = {
    BreakReason.PAUSE: (N_("Short break"), "coffee"),
    BreakReason.LUNCH: (N_("Lunch"), "utensils"),
    BreakReason.MEETING: (N_("Meeting"), "users"),
    BreakReason.TRAINING: (N_("Training"), "graduation-cap"),
    BreakReason.PAPERWORK: (N_("Paperwork"), "file-text"),
}
"""Label and icon, in the order of the menu."""

NOT_READY: Mapping[NotReadyReason, tuple[str, str]] = {
    NotReadyReason.MISSED: (
        N_("A call rang here and was not answered"),
        N_(
            "It went on to a colleague. So that no caller waits for an empty chair, you get no calls for now."
        ),
    ),
    NotReadyReason.PHONE_PROBLEM: (
        N_("Your phone did not connect"),
        N_("The caller kept the place and goes to a colleague. Check the headset and the microphone."),
    ),
    NotReadyReason.OWN_PHONE: (
        N_("Your own telephone did not take the call"),
        N_(
            "It was busy or not answered, or it hung up. The caller kept the place and goes to a colleague."
            " Take calls again when the telephone is at hand, or answer in the browser."
        ),
    ),
    NotReadyReason.NO_KEY: (
        N_("Nobody pressed 1 on your own telephone"),
        N_(
            "It was answered, by you or by its voicemail, and only a 1 takes the call."
            " The caller kept the place and goes to a colleague."
        ),
    ),
    NotReadyReason.MICROPHONE: (
        N_("The browser may not use the microphone"),
        N_("Allow it beside the address, or plug the headset in again. Then take calls."),
    ),
    NotReadyReason.NETWORK: (
        N_("Your phone has no way to the telephone network"),
        N_("Check the network. What rang here has gone to a colleague. Then take calls."),
    ),
    NotReadyReason.TOKEN: (
        N_("Your phone has been signed out of the telephone network"),
        N_("What rang here has gone to a colleague. Take calls, and the phone signs in again."),
    ),
    NotReadyReason.SILENT: (
        N_("This page could not be reached for a while"),
        N_("The computer slept or the network was gone, so calls went to colleagues meanwhile."),
    ),
}
"""What happened, and what it means, for each reason that the server takes an agent out of routing."""

EVENT_ICONS: Mapping[EventKind, str] = {
    EventKind.ARRIVED: "phone-incoming",
    EventKind.GUIDANCE_ENDED: "volume-2",
    EventKind.QUEUED: "hourglass",
    EventKind.OFFERED: "bell",
    EventKind.OFFER_MISSED: "phone-missed",
    EventKind.ANSWERED: "phone",
    EventKind.HELD: "pause",
    EventKind.RESUMED: "play",
    EventKind.CONSULTED: "users",
    EventKind.TRANSFERRED: "phone-forwarded",
    EventKind.CONNECTED_CONTACT: "store",
    EventKind.CONSULT_JOINED: "users",
    EventKind.CONSULT_LEFT: "log-out",
    EventKind.DIALLED: "phone-outgoing",
    EventKind.NOT_REACHED: "phone-missed",
    EventKind.HELP_ASKED: "bell",
    EventKind.SUPERVISED: "headset",
    EventKind.ENDED: "phone-off",
    EventKind.ABANDONED: "phone-off",
    EventKind.WRAPPED_UP: "check",
    EventKind.ESCALATED: "phone-outgoing",
    EventKind.ESCALATION_ACKNOWLEDGED: "phone-call",
    EventKind.CLIENT_ANSWERED: "store",
    EventKind.REASON_CHANGED: "pencil",
}
OTHER_EVENT_ICON = "circle-dot"
CHANNEL_ICONS: Mapping[Channel, str] = {Channel.PHONE: "phone", Channel.MAIL: "mail"}

ATTEMPTS: Mapping[AttemptState, str] = {
    AttemptState.CALLING: N_("Being called …"),
    AttemptState.ACCEPTED: N_("Connected"),
    AttemptState.FAILED: N_("Did not answer"),
}
NOT_YET_CALLED = N_("Next in line")
NOT_CALLED = N_("Not called")
