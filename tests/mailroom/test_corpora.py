"""Real and hostile mails from public collections where they lie beside the repository, else mails made
here.
"""

import json
import random
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from mailroom.cleaning import clean_html
from mailroom.parsing import parse_mail
from mailroom.quoting import fold_quotes
from tests.mailroom.samples import CORPORA, mail, microsoft_jis
from tests.mailroom.test_parsing import check


def made_here() -> dict[str, bytes]:
    """Ordinary mails of several kinds, and each of them damaged."""
    simple = mail(
        "From: a@x.example", "Content-Type: text/plain; charset=iso-2022-jp", body=microsoft_jis("①です")
    )
    rich = EmailMessage()
    rich["Subject"] = "件名"
    rich.set_content("本文")
    rich.add_alternative("<p>本文</p>", subtype="html")
    rich.add_attachment(b"x" * 500, maintype="image", subtype="png", filename="図.png")
    return {
        "simple": simple,
        "rich": rich.as_bytes(),
        "cut": rich.as_bytes()[:300],
        "noise": bytes(range(256)) * 9,
    }


def mails() -> dict[str, bytes]:
    found = sorted((CORPORA / "mail-gem").rglob("*.eml")) if CORPORA.is_dir() else []
    return {path.stem: path.read_bytes() for path in found} | made_here()


MAILS = mails()


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_of_the_collection_is_read(name: str) -> None:
    parsed = parse_mail(MAILS[name])
    check(parsed)
    assert "".join(block.text for block in fold_quotes(parsed.text)) == parsed.text
    clean_html(parsed.html or "")


@pytest.mark.parametrize("name", MAILS)
def test_a_damaged_mail_of_the_collection_is_read(name: str) -> None:
    chance = random.Random(name)
    begun = time.thread_time()
    for _ in range(10):
        raw = bytearray(MAILS[name])
        for _ in range(chance.randrange(1, 20)):
            at = chance.randrange(len(raw) + 1)
            raw[at : at + chance.randrange(9)] = chance.randbytes(chance.randrange(9))
        check(parse_mail(bytes(raw[: chance.randrange(len(raw) + 1)] if chance.random() < 0.3 else raw)))
    assert time.thread_time() - begun < 20


def strange_strings() -> list[str]:
    path = CORPORA / "naughty-strings" / "blns.json"
    known: list[str] = json.loads(Path(path).read_text()) if path.is_file() else []
    return [*known, "", "\u202etxt.exe", "ﷺ" * 99, "<script>alert(1)</script>", "Ω≈ç√∫", "\ud800"]


def test_strange_words_pass_through_subject_and_body_unharmed() -> None:
    for words in strange_strings():
        encoded = words.encode("utf-8", "replace")
        parsed = parse_mail(
            mail("Content-Type: text/plain; charset=utf-8", b"Subject: " + encoded, body=encoded)
        )
        check(parsed)
