"""Arithmetic on ``#rrggbb`` colours: contrast by WCAG 2, mixtures."""

_LINEAR_BELOW = 0.04045  # sRGB's own constant, IEC 61966-2-1


def text_on(ground: str) -> str:
    """Near-black or white, whichever is read more easily on this ground (at least 4.5 for any colour)."""
    return max(("#ffffff", "#16191c"), key=lambda tone: contrast(tone, ground))


def mix(colour: str, ground: str, permille: int) -> str:
    """``permille`` of the colour on the ground, both ``#rrggbb``."""
    mixed = (
        (a * permille + b * (1000 - permille) + 500) // 1000
        for a, b in zip(_rgb(colour), _rgb(ground), strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two ``#rrggbb`` colours, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _rgb(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _rgb(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
