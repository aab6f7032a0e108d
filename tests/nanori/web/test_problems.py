"""What people read when something does not work."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from structlog.testing import capture_logs


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "見つからないか、表示する権限がありません。"),
        ("en-GB,en", "This does not exist, or it is not yours to see."),
    ],
)
async def test_an_address_that_never_was_is_told_in_the_readers_language(
    app: Litestar, language: str, said: str
) -> None:
    async with AsyncTestClient(app) as client:
        page = await client.get("/no-such-page", headers={"Accept-Language": language})

    assert page.status_code == 404
    assert said in page.text
    assert "システム側の問題" not in page.text
    assert 'data-problem data-code="NotFound"' in page.text


async def test_the_login_page_has_everything_that_its_scripts_and_readers_need(app: Litestar) -> None:
    async with AsyncTestClient(app) as client:
        page = await client.get("/login", headers={"Accept-Language": "ja"})

    assert '<html lang="ja">' in page.text
    assert 'class="skip" href="#main"' in page.text
    assert '"selfRequestsOnly":true' in page.text
    assert 'name="csrf-token"' in page.text
    assert "style=" not in page.text


async def test_a_sender_who_leaves_in_mid_sentence_is_no_bug(app: Litestar) -> None:
    """The form is cut off: a tab was closed. Nobody is paged for that."""
    cut = iter([{"type": "http.request", "body": b"email=a", "more_body": True}, {"type": "http.disconnect"}])
    said: list[Any] = []

    async def receive() -> Any:
        return next(cut)

    async def send(message: Any) -> None:
        said.append(message)

    with capture_logs() as logged:
        await app(_post("/login"), receive, send)

    assert ("request.given_up", "info") in [(entry["event"], entry["log_level"]) for entry in logged]
    assert "request.failed" not in [entry["event"] for entry in logged]
    assert said[0]["status"] == 400


def _post(path: str) -> Any:
    kind = b"application/x-www-form-urlencoded"
    return {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "scheme": "http", "server": ("testserver", 80), "client": ("testclient", 1),
        "headers": [(b"host", b"testserver"), (b"content-type", kind)], "http_version": "1.1", "app": None,
        "state": {}, "asgi": {"version": "3.0"},
    }  # fmt: skip
