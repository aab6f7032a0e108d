"""The documents that the carrier plays (telephony.md 1.3 to 1.10). Pure: from facts to XML."""

from uuid import UUID

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from telephony import speech
from telephony.labels import CALLER, conference_name, leg_label
from telephony.speech import Speaker
from telephony.urls import Urls
from telephony.values import LegRole, RecordingKind

CONFERENCE_EVENTS = "start end join leave mute hold modify"
LONGEST_CALL_SECONDS = 7200
VOICEMAIL_SECONDS = 180
MENU_SECONDS = 5
EMPTY = str(VoiceResponse())


def into_queue(
    speaker: Speaker, urls: Urls, call_id: UUID, *, desk_id: UUID, turn: int, said: list[str]
) -> str:
    """Say what must be said, then wait in the desk's queue. The waiting document proves it was heard."""
    response = VoiceResponse()
    for sentence in said:
        _say(response, speaker, sentence)
    response.enqueue(
        queue_name(desk_id),
        action=urls.dequeued(call_id, turn),
        wait_url=urls.wait(call_id),
        wait_url_method="POST",
    )
    return str(response)


def menu(speaker: Speaker, urls: Urls, call_id: UUID, *, said: list[str], prompt: str, step: int) -> str:
    """Say what must be said to the end, then read the menu out, which a key cuts short."""
    response = VoiceResponse()
    for sentence in said:
        _say(response, speaker, sentence)
    _ask_for_key(response, speaker, urls.menu(call_id, step), prompt, seconds=MENU_SECONDS)
    return str(response)


def menu_answer(speaker: Speaker, urls: Urls, call_id: UUID, *, said: str, step: int) -> str:
    """The answer itself, and the way to a person for whom it was not enough."""
    response = VoiceResponse()
    _say(response, speaker, said)
    _ask_for_key(response, speaker, urls.menu(call_id, step), speaker.person(), seconds=MENU_SECONDS)
    return str(response)


def queue_name(desk_id: UUID) -> str:
    return f"q-{desk_id.hex}"


def waiting(speaker: Speaker, *, said: list[str], music: str) -> str:
    """A word and music; asked for again when it has run out, so that the way out is decided anew."""
    response = VoiceResponse()
    for sentence in said:
        _say(response, speaker, sentence)
    response.play(music)
    return str(response)


def waiting_with_key(speaker: Speaker, *, said: list[str], music: str, ask: str) -> str:
    """The same for a caller who may press 1 instead, at any moment; without a key it just runs out."""
    response = VoiceResponse()
    gather = Gather(num_digits=1, timeout=1, action=ask)
    for sentence in [*said, speaker.press_for_callback()]:
        gather.say(speaker.aloud(sentence), language=speaker.language, voice=speaker.voice)
    gather.play(music)
    response.append(gather)
    return str(response)


def wait_on(urls: Urls, call_id: UUID) -> str:
    """Back to the waiting document, inside the queue."""
    response = VoiceResponse()
    response.redirect(urls.wait(call_id), method="POST")
    return str(response)


def leave_queue() -> str:
    response = VoiceResponse()
    response.leave()
    return str(response)


def voicemail(speaker: Speaker, urls: Urls, call_id: UUID, *, said: str) -> str:
    """A sentence, the request for a message, and the recording. ``action`` is given, or it would loop."""
    response = VoiceResponse()
    if said:
        _say(response, speaker, said)
    _say(response, speaker, speaker.leave_message())
    response.record(
        action=urls.voicemail(call_id),
        max_length=VOICEMAIL_SECONDS,
        timeout=4,
        finish_on_key="#",
        trim="trim-silence",
        play_beep=True,
        recording_status_callback=urls.recording(call_id, RecordingKind.VOICEMAIL),
        recording_status_callback_event="completed absent",
    )
    return str(response)


def connect_caller(urls: Urls, call_id: UUID, *, turn: int, records: bool) -> str:
    """The caller meets the agent who is waiting in the conference; it ends when the caller leaves.

    What is recorded begins here: the caller on one channel, what the conference sends to them on the other.
    """
    return _into_talk(VoiceResponse(), urls, call_id, turn=turn, records=records)


def meet_shopper(speaker: Speaker, urls: Urls, call_id: UUID, *, turn: int, said: list[str]) -> str:
    """A shopper whom we called hears who calls and that it is recorded, then meets the agent."""
    response = VoiceResponse()
    for sentence in said:
        _say(response, speaker, sentence)
    return _into_talk(response, urls, call_id, turn=turn, records=True)


def _into_talk(response: VoiceResponse, urls: Urls, call_id: UUID, *, turn: int, records: bool) -> str:
    recording = _recording(urls, call_id) if records else {}
    dial = Dial(action=urls.after_dial(call_id, turn), time_limit=LONGEST_CALL_SECONDS, **recording)
    _conference(dial, urls, call_id, label=CALLER, ends_with_me=True)
    response.append(dial)
    return str(response)


def agent_joins(
    speaker: Speaker, urls: Urls, call_id: UUID, leg_id: UUID, *, role: LegRole, wait_url: str = ""
) -> str:
    """The agent hears the shop's name, then is in the conference: before the caller or beside a colleague.

    Before there is anybody else, the agent hears what ``wait_url`` plays.
    """
    response = VoiceResponse()
    _say(response, speaker, _whisper(speaker, role))
    dial = Dial(action=urls.leg_after(call_id, leg_id))
    label = leg_label(role, leg_id)
    _conference(dial, urls, call_id, label=label, ends_with_me=False, wait_url=wait_url)
    response.append(dial)
    return str(response)


def own_phone_screen(speaker: Speaker, urls: Urls, call_id: UUID, leg_id: UUID, *, role: LegRole) -> str:
    """Say whose call it is and wait for a 1. Silence and an answering machine end here: it fails closed."""
    response = VoiceResponse()
    gather = Gather(num_digits=1, timeout=6, action=urls.own_phone_decision(call_id, leg_id))
    said = speaker.press_to_answer(_whisper(speaker, role))
    gather.say(said, language=speaker.language, voice=speaker.voice)
    response.append(gather)
    response.hangup()
    return str(response)


def supervisor_joins(urls: Urls, call_id: UUID, leg_id: UUID, *, coach: str) -> str:
    """A supervisor comes in unheard, and what they may say later reaches the agent ``coach`` first.

    Muted and coaching at once: even an unmuting by mistake would not reach the caller.
    """
    response = VoiceResponse()
    dial = Dial(action=urls.leg_after(call_id, leg_id))
    label = leg_label(LegRole.MONITOR, leg_id)
    _conference(dial, urls, call_id, label=label, ends_with_me=False, starts=False, muted=True, coach=coach)
    response.append(dial)
    return str(response)


def contact_screen(speaker: Speaker, urls: Urls, call_id: UUID, attempt_id: UUID) -> str:
    """Ask a contact to press 1. Silence, voicemail and every other key end here: it fails closed."""
    response = VoiceResponse()
    gather = Gather(num_digits=1, timeout=6, action=urls.decision(call_id, attempt_id))
    gather.say(speaker.screen(), language=speaker.language, voice=speaker.voice)
    response.append(gather)
    response.hangup()
    return str(response)


def question_screen(speaker: Speaker, action: str) -> str:
    """Ask one of the shop's people to press 1; everything else ends here."""
    response = VoiceResponse()
    gather = Gather(num_digits=1, timeout=6, action=action)
    gather.say(speaker.question_waits(), language=speaker.language, voice=speaker.voice)
    response.append(gather)
    response.hangup()
    return str(response)


def contact_joins(speaker: Speaker, urls: Urls, call_id: UUID, leg_id: UUID, *, said: str) -> str:
    response = VoiceResponse()
    _say(response, speaker, said)
    dial = Dial(action=urls.leg_after(call_id, leg_id), time_limit=LONGEST_CALL_SECONDS)
    _conference(dial, urls, call_id, label=leg_label(LegRole.CONTACT, leg_id), ends_with_me=False)
    response.append(dial)
    return str(response)


def on_hold(speaker: Speaker, *, music: str) -> str:
    response = VoiceResponse()
    _say(response, speaker, speaker.hold())
    response.play(music, loop=0)
    return str(response)


def ringing(urls: Urls) -> str:
    """What an agent hears while the shopper's telephone rings."""
    response = VoiceResponse()
    response.play(urls.ring_tone, loop=0)
    return str(response)


def say_and_hang_up(speaker: Speaker, sentence: str) -> str:
    response = VoiceResponse()
    _say(response, speaker, sentence)
    response.hangup()
    return str(response)


def hang_up() -> str:
    response = VoiceResponse()
    response.hangup()
    return str(response)


def not_in_service() -> str:
    """For a number that rings here but belongs to no shop."""
    response = VoiceResponse()
    response.say(speech.NOT_IN_SERVICE, language="ja-JP", voice="Polly.Kazuha-Neural")
    response.say(speech.NOT_IN_SERVICE_EN, language="en-US", voice="Polly.Joanna-Neural")
    response.hangup()
    return str(response)


def once_more(url: str) -> str:
    """When something broke: ask for a moment, then try the same address again."""
    response = VoiceResponse()
    response.say(speech.A_MOMENT, language="ja-JP", voice="Polly.Kazuha-Neural")
    response.redirect(url, method="POST")
    return str(response)


def fallback(message_url: str, *, duty_phone: str = "") -> str:
    """When we cannot answer at all: ring the duty phone if there is one, then take a message. Static.

    ``message_url`` is asked for once the caller has spoken; it may be out of reach as well, then the carrier
    keeps the recording.
    """
    response = VoiceResponse()
    response.say(speech.FALLBACK, language="ja-JP", voice="Polly.Kazuha-Neural")
    if duty_phone:
        response.dial(duty_phone, timeout=25)
    response.say(speech.FALLBACK_MESSAGE, language="ja-JP", voice="Polly.Kazuha-Neural")
    response.say(speech.FALLBACK_MESSAGE_EN, language="en-US", voice="Polly.Joanna-Neural")
    response.record(
        action=message_url, max_length=VOICEMAIL_SECONDS, timeout=4, finish_on_key="#", trim="trim-silence",
        play_beep=True,
    )  # fmt: skip
    return str(response)


def message_taken() -> str:
    """After a message that was left with the fallback."""
    response = VoiceResponse()
    response.say(speech.MESSAGE_TAKEN, language="ja-JP", voice="Polly.Kazuha-Neural")
    response.hangup()
    return str(response)


def sorry() -> str:
    """When we cannot go on, a caller hears it in words and never silence."""
    response = VoiceResponse()
    response.say(speech.SORRY, language="ja-JP", voice="Polly.Kazuha-Neural")
    response.hangup()
    return str(response)


def _recording(urls: Urls, call_id: UUID) -> dict[str, str]:
    return {
        "record": "record-from-answer-dual",
        "recording_status_callback": urls.recording(call_id, RecordingKind.CALL),
        "recording_status_callback_event": "in-progress completed absent",
    }


def _whisper(speaker: Speaker, role: LegRole) -> str:
    return speaker.whisper_to_colleague() if role is LegRole.CONSULT else speaker.whisper()


def _say(response: VoiceResponse, speaker: Speaker, sentence: str) -> None:
    response.say(speaker.aloud(sentence), language=speaker.language, voice=speaker.voice)


def _ask_for_key(response: VoiceResponse, speaker: Speaker, action: str, said: str, *, seconds: int) -> None:
    """Wait for one key; ``action`` is asked for in any case, without ``Digits`` when none was pressed."""
    gather = Gather(num_digits=1, timeout=seconds, action=action, action_on_empty_result=True)
    gather.say(speaker.aloud(said), language=speaker.language, voice=speaker.voice)
    response.append(gather)


def _conference(
    dial: Dial,
    urls: Urls,
    call_id: UUID,
    *,
    label: str,
    ends_with_me: bool,
    starts: bool = True,
    wait_url: str = "",
    **more: object,
) -> None:
    """Each leg carries the same callback: only the first participant's counts (telephony.md 1.4)."""
    dial.conference(
        conference_name(call_id),
        participant_label=label,
        beep="false",
        start_conference_on_enter=starts,
        end_conference_on_exit=ends_with_me,
        wait_url=wait_url,
        region="jp1",
        jitter_buffer_size="small",
        status_callback=urls.conference(call_id),
        status_callback_event=CONFERENCE_EVENTS,
        **more,
    )
