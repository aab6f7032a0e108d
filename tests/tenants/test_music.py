"""Hold music: what callers can hear is taken, and no second of it is lost between the pieces."""

import io
import wave

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanori.errors import InvalidInput
from tenants.music import MP3, WAV, check_music, frames_of, piece_of

HEADERS = {
    "MPEG 1, 128 kbit/s, 44.1 kHz": (bytes.fromhex("fffb9000"), 417),
    "the same, padded": (bytes.fromhex("fffb9200"), 418),
    "MPEG 2, 64 kbit/s, 22.05 kHz": (bytes.fromhex("fff38000"), 208),
}


def a_wav(seconds: float, *, rate: int = 8000, channels: int = 1) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        size = int(seconds * rate) * 2 * channels
        sound.writeframes((bytes(range(251)) * (size // 251 + 1))[:size])
    return file.getvalue()


def an_mp3(seconds: float, *, head: bytes = bytes.fromhex("fffb9000"), size: int = 417) -> bytes:
    count = int(seconds * 44100 / 1152)
    return b"".join(head + bytes([n % 200]) * (size - 4) for n in range(count))


def sound_of(content: bytes) -> bytes:
    with wave.open(io.BytesIO(content)) as sound:
        frames: bytes = sound.readframes(sound.getnframes())
    return frames


@pytest.mark.parametrize(("head", "size"), HEADERS.values(), ids=HEADERS)
def test_frames_are_as_long_as_their_header_says(head: bytes, size: int) -> None:
    frames = list(frames_of(an_mp3(10, head=head, size=size)))

    assert {frame.end - frame.start for frame in frames} == {size}
    assert {round(frame.seconds, 5) for frame in frames} == {0.02612}


def test_music_is_known_by_its_content() -> None:
    tag = b"ID3\x04\x00\x00\x00\x00\x01\x00" + bytes(128)

    assert check_music(a_wav(30)) == WAV
    assert check_music(an_mp3(30)) == MP3
    assert check_music(tag + an_mp3(30) + b"TAG" + bytes(125)) == MP3


@pytest.mark.parametrize(
    "content",
    [
        b"", b"RIFF", b"ID3", bytes(5000), b"%PDF-1.7" + bytes(9000), a_wav(2), an_mp3(2), a_wav(30)[:60],
        bytes(range(256)) * 400, an_mp3(20)[:4000] + bytes(500_000),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_music(content)

    assert refusal.value.fields["music"]


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(InvalidInput):
        check_music(bytes(11 * 1024 * 1024))


@settings(max_examples=30)
@given(seconds=st.integers(5, 100), channels=st.integers(1, 2))
def test_the_pieces_of_a_wav_are_the_whole(seconds: int, channels: int) -> None:
    whole = a_wav(seconds, channels=channels)
    count = max(1, seconds // 20)
    pieces = [piece_of(whole, WAV, number) for number in range(count)]

    assert b"".join(sound_of(piece) for piece in pieces) == sound_of(whole)
    assert piece_of(whole, WAV, count) == pieces[0]


@settings(max_examples=30)
@given(seconds=st.integers(5, 100))
def test_the_pieces_of_an_mp3_are_the_whole(seconds: int) -> None:
    whole = an_mp3(seconds)
    count = max(1, int(sum(frame.seconds for frame in frames_of(whole)) // 20))
    pieces = [piece_of(whole, MP3, number) for number in range(count)]

    assert b"".join(pieces) == whole
    assert piece_of(whole, MP3, count) == pieces[0]
