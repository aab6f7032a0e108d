from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.addresses import Address
from mailroom.composing import (
    AddressNotUsable,
    Reply,
    case_token,
    compose,
    new_message_id,
    quote,
    reply_address,
    reply_subject,
    split_reply_address,
    to_bytes,
)
from mailroom.parsing import parse_mail

SHOP = Address("support@minato-coffee.example", "ミナト珈琲")
OURS = new_message_id(b"0123456789", sender=SHOP.address)
REPLY = Reply(
    sender=SHOP,
    to=Address("tanaka@x.example", "田中, 花子"),
    subject="注文の件",
    text="お問い合わせありがとうございます。\nミナト珈琲でございます。\n",
    message_id=OURS,
    sent_at=datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC),
    answers="<one@x.example>",
    references=("<zero@x.example>",),
)


def test_a_reply_reads_back_as_it_was_written() -> None:
    parsed = parse_mail(to_bytes(compose(REPLY)))
    assert parsed.author == SHOP
    assert parsed.to == (REPLY.to,)
    assert parsed.subject == "Re: 注文の件"
    assert parsed.text.rstrip() == REPLY.text.rstrip()
    assert parsed.message_id == OURS
    assert parsed.in_reply_to == ("<one@x.example>",)
    assert parsed.references == ("<zero@x.example>", "<one@x.example>")
    assert parsed.sent_at == REPLY.sent_at
    assert parsed.automatic is None


def test_the_same_reply_is_the_same_bytes_in_ascii_with_short_lines() -> None:
    raw = to_bytes(compose(replace(REPLY, subject="とても長い件名" * 30)))
    assert raw == to_bytes(compose(replace(REPLY, subject="とても長い件名" * 30)))
    assert raw.isascii()
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_long_ids_are_never_encoded() -> None:
    long = tuple(f"<{letter * 120}@x.example>" for letter in "abc")
    raw = to_bytes(compose(replace(REPLY, references=long)))
    assert b"=?" not in raw[raw.index(b"References") :].split(b"\r\nMIME")[0]
    assert parse_mail(raw).references == (*long, "<one@x.example>")


def test_an_endless_chain_keeps_its_first_and_latest_ids() -> None:
    chain = tuple(f"<{number}@x.example>" for number in range(99))
    kept = parse_mail(to_bytes(compose(replace(REPLY, references=chain)))).references
    assert (len(kept), kept[0], kept[-2:]) == (20, "<0@x.example>", ("<98@x.example>", "<one@x.example>"))


HOSTILE = "x\r\nBcc: victim@x.example\r\n\r\nbody\u2028Cc: y\x00\ud800"


def test_no_field_can_carry_another_header() -> None:
    hostile = replace(
        REPLY,
        sender=replace(SHOP, name=HOSTILE),
        to=replace(REPLY.to, name=HOSTILE),
        subject=HOSTILE,
        answers="<a@b>\r\nBcc: victim@x.example",
        references=("<a@b>\nBcc: v@x", "no id", "<ok@x.example>"),
        text=HOSTILE,
    )
    written = message_from_bytes(to_bytes(compose(hostile)), policy=policy.default)
    assert written["Bcc"] is None
    assert written["Cc"] is None
    assert written["In-Reply-To"] is None
    assert written["References"] == "<ok@x.example>"
    assert sorted(set(written.keys())) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "References", "MIME-Version", "Content-Type",
         "Content-Transfer-Encoding"]
    )  # fmt: skip


@given(st.text(max_size=300))
def test_any_subject_and_name_make_one_reply(words: str) -> None:
    raw = to_bytes(compose(replace(REPLY, subject=words, to=replace(REPLY.to, name=words), text=words)))
    head, _, _ = raw.partition(b"\r\n\r\n")
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert len(names) == len(set(names)) == 10
    parsed = parse_mail(raw)
    assert parsed.subject == reply_subject(words)
    assert parsed.to[0].address == "tanaka@x.example"


@pytest.mark.parametrize(
    "address", ["", "x", "a@b@c", "a@x.example\r\nBcc: v@x", "a b@x.example", "<a@x.example>", "a@"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(AddressNotUsable):
        compose(replace(REPLY, to=Address(address)))


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        ("Hello", "Re: Hello"),
        ("Re: RE: re：Hello", "Re: Hello"),
        ("返信: こんにちは", "Re: こんにちは"),
        ("Regarding: x", "Re: Regarding: x"),
        ("", "Re:"),
        ("a" * 500, "Re: " + "a" * 196),
    ],
)
def test_a_subject_is_answered_once(subject: str, answer: str) -> None:
    assert reply_subject(subject) == answer


def test_a_message_id_needs_80_random_bits() -> None:
    assert new_message_id(b"\xff" * 10, sender="support@minato-coffee.example") == (
        "<7777777777777777.nanori@minato-coffee.example>"
    )
    with pytest.raises(ValueError, match="80 random bits"):
        new_message_id(b"123456789", sender="a@b")


def test_a_cases_address_comes_back_apart_again() -> None:
    token = case_token(b"secret", UUID(int=1))
    assert token != case_token(b"secret", UUID(int=2)) != case_token(b"other", UUID(int=2))
    address = reply_address(SHOP.address, token)
    assert split_reply_address(address.upper()) == (SHOP.address, token)
    assert split_reply_address("Support+news@Minato-Coffee.example") == (
        "support+news@minato-coffee.example",
        None,
    )
    parsed = parse_mail(to_bytes(compose(replace(REPLY, reply_token=token))))
    assert parsed.reply_to[0].address == address


def test_the_answered_mail_is_quoted_line_by_line() -> None:
    assert quote("a\r\n\r\n> b\n", "2026年11月22日 田中:\nx") == "2026年11月22日 田中: x\n> a\n>\n> > b\n"
