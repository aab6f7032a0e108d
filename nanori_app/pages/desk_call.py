"""The call in hand as the desk shows it: its mode, its clocks, and the attempt to reach the shop."""

from collections.abc import Sequence
from datetime import datetime

from desks.values import EngagementRole
from interactions.models import EscalationAttempt, EscalationRun
from interactions.values import AttemptState, RunState
from nanori.words import N_, Words
from nanori_app.pages.desk_calling import is_ours
from nanori_app.pages.desk_parts import CallPart, ContactPart, EscalationPart, Mode, Taping, running
from nanori_app.pages.desk_reads import InHand
from nanori_app.pages.desk_words import ATTEMPTS, NOT_CALLED, NOT_YET_CALLED
from telephony.commands.recordings import ON_ITS_WAY
from telephony.models import Call, CarrierOrder
from telephony.values import CallRecording, CallState, OrderKind, OrderState

TIMER_LABELS = {
    Mode.RINGING: N_("Waiting"),
    Mode.JOINING: N_("Connecting"),
    Mode.CALLING: N_("Calling the shopper"),
    Mode.TALKING: N_("On the line"),
    Mode.HELD: N_("On hold"),
    Mode.HELPING: N_("Helping"),
    Mode.WRAPUP: N_("After-call work"),
}


def mode_of(hand: InHand) -> Mode:
    """What the agent is in the middle of, by offer, engagement and call."""
    if hand.engagement is None:
        return Mode.RINGING
    if hand.engagement.wrapup_since is not None:
        return Mode.WRAPUP
    if hand.engagement.role is EngagementRole.CONSULT:
        return Mode.HELPING if hand.has_joined else Mode.JOINING
    in_call = {
        CallState.CALLING: Mode.CALLING,
        CallState.TALKING: Mode.TALKING,
        CallState.HELD: Mode.HELD,
        CallState.CLOSED: Mode.WRAPUP,
    }
    return in_call.get(hand.call.state, Mode.JOINING)


def call_part(hand: InHand, mode: Mode, words: Words, now: datetime) -> CallPart:
    """The facts that the ribbon and the keys need."""
    began = _talk_began(hand)
    ends = hand.offer.expires_at if hand.offer else None
    if mode is Mode.WRAPUP and hand.engagement:
        ends = hand.engagement.wrapup_due_at
    return CallPart(
        call_id=hand.call.id,
        interaction_id=hand.interaction.id,
        number=str(hand.interaction.number),
        desk_name=hand.desk_name,
        timer=running(_since(hand, mode), now, words),
        timer_label=words.gettext(TIMER_LABELS[mode]),
        call_timer=running(began, now, words) if mode is Mode.HELD else None,
        offer_id=hand.offer.id if hand.offer else None,
        until=ends.isoformat() if ends else "",
        seconds_to_decide=hand.ring_seconds,
        is_held=hand.call.state is CallState.HELD,
        is_ours=is_ours(hand),
    )


def taping_of(call: Call, last: CarrierOrder | None) -> Taping:
    """Whether the caller is being recorded, by the newest order to pause or to go on."""
    if call.recording is None:
        return Taping.NOTHING
    if last is not None and last.state in ON_ITS_WAY:
        return Taping.SWITCHING
    if call.recording is CallRecording.PAUSED:
        return Taping.PAUSED
    if last is None or last.state is OrderState.DONE or last.kind is not OrderKind.PAUSE_RECORDING:
        return Taping.ON
    return Taping.FAILED


def escalation_part(
    run: EscalationRun, attempts: Sequence[EscalationAttempt], words: Words, now: datetime
) -> EscalationPart | None:
    """The shop's contacts in order and how far the calling is; None once the run has been closed."""
    if run.state is RunState.CLOSED:
        return None
    tried = {attempt.step: attempt for attempt in attempts}
    contacts = tuple(
        _contact(str(contact.get("name", "")), tried.get(step), run, words)
        for step, contact in enumerate(run.contacts)
    )
    connected = next((one.name for one in contacts if one.state == AttemptState.ACCEPTED.value), "")
    return EscalationPart(
        state=run.state.value,
        contacts=contacts,
        connected_to=connected,
        timer=running(run.started_at, now, words),
    )


def _contact(name: str, attempt: EscalationAttempt | None, run: EscalationRun, words: Words) -> ContactPart:
    if attempt is None:
        said = NOT_YET_CALLED if run.state is RunState.RUNNING else NOT_CALLED
        return ContactPart(name=name, state="waiting", label=words.gettext(said))
    return ContactPart(name=name, state=attempt.state.value, label=words.gettext(ATTEMPTS[attempt.state]))


def _since(hand: InHand, mode: Mode) -> datetime:
    taken = hand.engagement.started_at if hand.engagement else hand.call.started_at
    starts = {
        Mode.RINGING: hand.enqueued_at,
        Mode.TALKING: _talk_began(hand),
        Mode.HELD: hand.call.held_since,
        Mode.WRAPUP: hand.engagement.wrapup_since if hand.engagement else None,
    }
    return starts.get(mode) or taken


def _talk_began(hand: InHand) -> datetime:
    """When caller and agent met. After a rescue the caller joins anew, so the later time counts."""
    taken = hand.engagement.started_at if hand.engagement else hand.call.started_at
    return max(taken, hand.call.caller_joined_at or taken)
