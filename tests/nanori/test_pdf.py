import http.server
import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

import nanori.pdf
from nanori.pdf import Asset, PdfEngineMissing, PdfLimits, PdfPress, PdfTookTooLong, print_pdf

PAGE = '<html lang="ja"><title>t</title><style>html {{ font-family: "BIZ UDGothic" }}</style><body>{}'
ENVIRONMENT = dict(os.environ) | {"PYTHONPATH": str(Path(nanori.pdf.__file__).parents[1])}
HEAVY = "<table><tr><td colspan=100000>x</td></tr></table>" * 50


@pytest.fixture(scope="module")
def press() -> Iterator[PdfPress]:
    with PdfPress() as press:
        yield press


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine that writes down who calls."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    thread.join()
    server.server_close()


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_japanese_with_rare_and_circled_letters_is_printed(press: PdfPress) -> None:
    assert "髙﨑①㈱" in text_of(press.print(PAGE.format("髙﨑①㈱")))


def test_the_same_input_gives_the_same_bytes_from_any_engine(press: PdfPress) -> None:
    html = PAGE.format('<p>一</p><img alt="" src="asset:///a.svg">')
    assets = {
        "a.svg": Asset("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    }
    assert (
        press.print(html, assets=assets) == press.print(html, assets=assets) == print_pdf(html, assets=assets)
    )


def test_an_asset_is_drawn_and_an_unknown_one_is_left_out(press: PdfPress) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15">drawn</text></svg>'
    html = PAGE.format('<img alt="" src="asset:///a.svg"><img alt="" src="asset:///b.svg">')
    assert "drawn" in text_of(press.print(html, assets={"a.svg": Asset("image/svg+xml", svg)}))


def test_nothing_outside_can_be_reached(
    press: PdfPress, listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, seen = listener
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">SECRET</text></svg>')
    nested = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{secret.as_uri()}"/></svg>'
    tricks = [
        f'<img alt="" src="{secret.as_uri()}">',
        f'<img alt="" src="asset:///../{secret}">',
        f'<img alt="" src="{address}/img">',
        f'<img alt="" src="data:image/svg+xml,{nested}">',
        f'<object data="{secret.as_uri()}"></object><embed src="{address}/embed">',
        f'<link rel="attachment" href="{secret.as_uri()}">',
        f'<a rel="attachment" href="{secret.as_uri()}">a</a>',
        f'<link rel="stylesheet" href="{address}/css">',
        f"<style>@import url({address}/import);</style>",
        f"<style>@font-face {{ font-family: x; src: url({address}/f) }} p {{ font-family: x }}</style><p>p",
        f"<style>p::before {{ content: url({secret.as_uri()}) }}</style><p>p",
        f'<base href="{address}/"><img alt="" src="relative">',
    ]
    for trick in tricks:
        pdf = press.print(PAGE.format(trick))
        assert "SECRET" not in text_of(pdf), trick
        assert b"/EmbeddedFile" not in pdf
    inside = {"a.svg": Asset("image/svg+xml", nested.encode())}
    assert "SECRET" not in text_of(
        press.print(PAGE.format('<img alt="" src="asset:///a.svg">'), assets=inside)
    )
    assert seen == []


def test_a_document_that_takes_too_long_is_ended_and_the_press_goes_on() -> None:
    with PdfPress(PdfLimits(seconds=2)) as press:
        with pytest.raises(PdfTookTooLong, match="2 seconds"):
            press.print(PAGE.format(HEAVY))
        with PdfPress() as patient:
            assert patient.print(PAGE.format("次")).startswith(b"%PDF")
        assert press._engine is None


def test_a_document_that_nests_without_end_is_given_up(press: PdfPress) -> None:
    with pytest.raises(PdfTookTooLong):
        press.print("<div>" * 3000)
    assert press.print(PAGE.format("次")).startswith(b"%PDF")


def test_memory_has_a_limit() -> None:
    with PdfPress(PdfLimits(memory_bytes=160 << 20)) as press, pytest.raises(PdfTookTooLong):
        press.print(PAGE.format("<p>一二三四五六七八九十</p>" * 60_000))


def test_a_missing_font_is_named() -> None:
    with (
        PdfPress(fonts=("Nowhere Gothic",)) as press,
        pytest.raises(PdfEngineMissing, match="Nowhere Gothic"),
    ):
        press.print(PAGE.format("x"))


def test_the_engine_is_replaced_after_its_share_of_documents() -> None:
    with PdfPress(PdfLimits(documents=1)) as press:
        press.print(PAGE.format("一"))
        first = press._engine
        press.print(PAGE.format("二"))
        assert press._engine is not first


def test_small_documents_in_number_do_not_make_the_engine_grow() -> None:
    script = (
        "import resource, sys; from nanori.pdf import PdfPress\n"
        "with PdfPress() as press:\n"
        "    for number in range(int(sys.argv[1])): press.print(sys.argv[2].format(number))\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )

    def peak(documents: int) -> int:
        command = [sys.executable, "-c", script, str(documents), PAGE]
        return int(subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT).stdout)

    assert peak(100) < peak(5) * 1.1


def test_a_face_that_the_engine_has_to_rewrite_is_given_to_font_tools_after_all() -> None:
    """Ours need none of it; a picture of an emoji, or a face with a weight to choose, does."""
    script = (
        "import runpy, sys; engine = runpy.run_path(sys.argv[1]); engine['_load']()\n"
        "assert 'fontTools' not in sys.modules\n"
        "from weasyprint.pdf import fonts\n"
        "assert fonts.ttFont.getTableClass('loca').__name__ == 'table__l_o_c_a'\n"
        "assert fonts.subset.Options(hinting=False).hinting is False\n"
        "print(type(fonts.TTFont()).__module__)\n"
    )
    engine = Path(nanori.pdf.__file__).with_name("pdf_engine.py")
    command = [sys.executable, "-I", "-B", "-c", script, str(engine)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "fontTools.ttLib.ttFont"
