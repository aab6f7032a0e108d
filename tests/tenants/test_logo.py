from io import BytesIO

import pytest
from PIL import Image

from nanori.errors import InvalidInput
from tenants.logo import LARGEST_UPLOAD, clean_logo


def picture(kind: str, size: tuple[int, int] = (900, 300)) -> bytes:
    stream = BytesIO()
    Image.new("RGB", size, "#7a3e1d").save(stream, format=kind)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_anew_as_a_small_png(kind: str) -> None:
    with Image.open(BytesIO(clean_logo(picture(kind)))) as clean:
        assert (clean.format, max(clean.size)) == ("PNG", 512)


def test_what_hides_behind_the_picture_is_gone() -> None:
    assert b"<script>" not in clean_logo(picture("PNG") + b"<script>alert(1)</script>")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        picture("GIF"),
        picture("PNG")[:200],
        b"x" * (LARGEST_UPLOAD + 1),
    ],
    ids=["empty", "svg", "gif", "cut short", "too large"],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        clean_logo(content)

    assert list(refusal.value.fields) == ["logo"]
