"""Hold music of a shop: WAV and MP3 files checked, and cut into pieces. Pure.

A waiting caller hears one piece after the other, so that it is decided anew every twenty seconds how the call
goes on, while the music runs on where it was.
"""

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass

from nanori.errors import InvalidInput
from nanori.words import N_

ROOM = "music"
"""Of music files: the only ones that are served to everybody."""
LARGEST_UPLOAD = 10 * 1024 * 1024
SHORTEST, LONGEST = 5, 15 * 60
PIECE_SECONDS = 20
WAV, MP3 = "audio/wav", "audio/mpeg"
WRONG = N_("Please choose a WAV (PCM) or MP3 file.")

MPEG_1, MPEG_2, MPEG_25 = 3, 2, 0
RATES = {MPEG_1: (44100, 48000, 32000), MPEG_2: (22050, 24000, 16000), MPEG_25: (11025, 12000, 8000)}
KILOBITS_1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
KILOBITS_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
LAYER_3 = 1
HEADER = 4
SYNC = 0x7FF
ID3_HEADER = 10


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of an MP3 file: where it lies and how long it sounds."""

    start: int
    end: int
    seconds: float


def check_music(content: bytes) -> str:
    """The media type of a file that callers can hear.

    Raises:
        InvalidInput: field ``music``; neither WAV nor MP3, too large, too short or too long.
    """
    if len(content) > LARGEST_UPLOAD:
        raise InvalidInput({"music": N_("The file is too large. Please use one of at most 10 MB.")})
    try:
        seconds, media_type = _length(content)
    except (wave.Error, EOFError, ValueError) as problem:
        raise InvalidInput({"music": WRONG}) from problem
    if not SHORTEST <= seconds <= LONGEST:
        raise InvalidInput({"music": N_("The music should last from 5 seconds to 15 minutes.")})
    return media_type


def piece_of(content: bytes, media_type: str, number: int) -> bytes:
    """The piece with this number, from 0 on; after the last one comes the first again."""
    return _wav_piece(content, number) if media_type == WAV else _mp3_piece(content, number)


def frames_of(content: bytes) -> Iterator[Frame]:
    """The sounding frames of an MP3 file; tags and what else lies between them is left out."""
    at = _after_id3(content)
    while at + HEADER <= len(content):
        frame = _frame_at(content, at)
        if frame is None:
            at += 1
            continue
        yield frame
        at = frame.end


def _length(content: bytes) -> tuple[float, str]:
    if content[:4] == b"RIFF":
        with wave.open(io.BytesIO(content)) as sound:
            frames = sound.getnframes()
            if len(sound.readframes(frames)) != frames * sound.getsampwidth() * sound.getnchannels():
                raise ValueError("cut off")
            return frames / sound.getframerate(), WAV
    found = list(frames_of(content))
    sounding = sum(frame.end - frame.start for frame in found)
    if sounding * 2 < len(content) - _after_id3(content):
        raise ValueError("not an MP3 file")
    return sum(frame.seconds for frame in found), MP3


def _wav_piece(content: bytes, number: int) -> bytes:
    with wave.open(io.BytesIO(content)) as sound:
        size = sound.getframerate() * PIECE_SECONDS
        number %= max(1, sound.getnframes() // size)
        is_last = (number + 2) * size > sound.getnframes()
        sound.setpos(number * size)
        frames = sound.readframes(sound.getnframes() if is_last else size)
        cut = io.BytesIO()
        with wave.open(cut, "wb") as piece:
            piece.setparams(sound.getparams())
            piece.writeframes(frames)
    return cut.getvalue()


def _mp3_piece(content: bytes, number: int) -> bytes:
    frames = list(frames_of(content))
    count = max(1, int(sum(frame.seconds for frame in frames) // PIECE_SECONDS))
    number %= count
    chosen, at = [], 0.0
    for frame in frames:
        if min(int(at // PIECE_SECONDS), count - 1) == number:
            chosen.append(content[frame.start : frame.end])
        at += frame.seconds
    return b"".join(chosen)


def _after_id3(content: bytes) -> int:
    """Where the sound begins: behind the tag that players write in front."""
    if content[:3] != b"ID3" or len(content) < ID3_HEADER:
        return 0
    a, b, c, d = content[6:ID3_HEADER]
    return ID3_HEADER + (a << 21 | b << 14 | c << 7 | d)


def _frame_at(content: bytes, at: int) -> Frame | None:
    """The frame that begins here; None when none does, or it is not whole."""
    head = int.from_bytes(content[at : at + HEADER], "big")
    version, layer = head >> 19 & 3, head >> 17 & 3
    kilobits, rate = head >> 12 & 15, head >> 10 & 3
    if head >> 21 != SYNC or version not in RATES or layer != LAYER_3:
        return None
    if kilobits in {0, 15} or rate == 3:  # noqa: PLR2004 - "free" and "reserved" in the standard
        return None
    first = version == MPEG_1
    bits = (KILOBITS_1 if first else KILOBITS_2)[kilobits - 1] * 1000
    hertz = RATES[version][rate]
    samples = 1152 if first else 576
    end = at + samples // 8 * bits // hertz + (head >> 9 & 1)
    return Frame(at, end, samples / hertz) if end <= len(content) else None
