"""What people read when something does not work."""

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient


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
