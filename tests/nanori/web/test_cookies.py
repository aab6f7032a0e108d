"""Our cookies: the session's, the language's, and a sentence that survives a redirect."""

from pathlib import Path

import pytest

from nanori.settings import Settings
from nanori.web.cookies import (
    Notice,
    csrf_token,
    locale_cookie,
    notice_cookie,
    read_notice,
    session_cookie,
    session_cookie_name,
)

NOTICE = Notice(kind="good", text="保存しました。")


def settings(public_url: str = "https://desk.example.com", secret: str = "s" * 40) -> Settings:
    return Settings(secret_key=secret, public_url=public_url, data_dir=Path("var"))


def test_over_https_the_session_is_bound_to_the_host_and_out_of_reach_of_scripts() -> None:
    cookie = session_cookie(settings(), "value")

    assert session_cookie_name(settings()) == cookie.key == "__Host-nanori"
    assert (cookie.secure, cookie.httponly, cookie.samesite, cookie.path) == (True, True, "lax", "/")
    assert cookie.domain is None


def test_an_empty_session_takes_the_cookie_away() -> None:
    assert session_cookie(settings(), "").max_age == 0


def test_without_https_the_name_promises_nothing_that_the_browser_would_refuse() -> None:
    plain = settings("http://127.0.0.1:8400")

    assert session_cookie(plain, "value").key == "nanori"
    assert not locale_cookie(plain, "ja").secure


def test_a_notice_is_read_as_it_was_written() -> None:
    assert read_notice(settings(), notice_cookie(settings(), NOTICE).value) == NOTICE


@pytest.mark.parametrize("value", [None, "", ".", "00.00", "zz.zz", "7b7d.", "é.é"])
def test_what_is_no_notice_of_ours_is_none(value: str | None) -> None:
    assert read_notice(settings(), value) is None


def test_nobody_else_can_put_words_on_our_pages() -> None:
    elsewhere = notice_cookie(settings(secret="t" * 40), NOTICE).value
    payload, _, seal = (notice_cookie(settings(), NOTICE).value or "").partition(".")
    other = Notice(kind="good", text="Please call 0900").text.encode().hex()

    assert read_notice(settings(), elsewhere) is None
    assert read_notice(settings(), f"{other}.{seal}") is None
    assert read_notice(settings(), f"{payload}.{seal[::-1]}") is None


def test_a_token_is_worth_nothing_in_another_session_or_house() -> None:
    token = csrf_token(settings(), b"one")

    assert token == csrf_token(settings(), b"one")
    assert token not in {csrf_token(settings(), b"two"), csrf_token(settings(secret="t" * 40), b"one")}
