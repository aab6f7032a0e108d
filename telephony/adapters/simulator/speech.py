"""How long speech and music last, and what a person would call it. No audio anywhere."""

from dataclasses import dataclass
from typing import Final, Literal

_JAPANESE_PER_SECOND: Final = 7.0
_LATIN_PER_SECOND: Final = 15.0
_SHORTEST_SECONDS: Final = 0.5
_FIRST_CJK: Final = "\u3000"

SoundKind = Literal["say", "play", "music", "beep"]


@dataclass(frozen=True, slots=True)
class Sound:
    """What one leg is being played.

    ``text`` is the spoken text for ``say``, the address for ``play``, a name otherwise.
    """

    kind: SoundKind
    text: str

    def __str__(self) -> str:
        return self.text if self.kind == "say" else f"{self.kind}: {self.text}"


def say_seconds(text: str) -> float:
    """Duration of a spoken text: seven Japanese or fifteen Latin characters a second."""
    spoken = [character for character in text if not character.isspace()]
    japanese = sum(character >= _FIRST_CJK for character in spoken)
    seconds = japanese / _JAPANESE_PER_SECOND + (len(spoken) - japanese) / _LATIN_PER_SECOND
    return max(_SHORTEST_SECONDS, round(seconds, 3))
