import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.addresses import Address, read_addresses, recipient_addresses
from mailroom.headers import read_headers


def one(raw: bytes) -> tuple[str, str]:
    (found,) = read_addresses(raw)
    return found.name, found.address


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"a@b.example", ("", "a@b.example")),
        (b"Tanaka <A.b@B.Example>", ("Tanaka", "A.b@b.example")),
        (b'"Tanaka, Hanako" <a@b.example>', ("Tanaka, Hanako", "a@b.example")),
        (b'"=?utf-8?B?55Sw5Lit?=" <a@b.example>', ("田中", "a@b.example")),
        ("田中 <a@b.example>".encode("cp932"), ("田中", "a@b.example")),
        (b"a@b.example (Hanako (T))", ("", "a@b.example")),
        (b"<a..b.@docomo.example>", ("", "a..b.@docomo.example")),
        (b"x@y <a@b.example>", ("x@y", "a@b.example")),
        (b"<@relay.example:a@b.example>", ("", "a@b.example")),
        (b"Pete(A \\) chap) <pete(his account)@silly.test(his host)>", ("Pete chap", "pete@silly.test")),
        (b'"unclosed <a@b.example>', ("", "a@b.example")),
        (b"Name <a@b.example", ("Name", "a@b.example")),
    ],
)
def test_an_address_is_read_however_it_is_written(raw: bytes, expected: tuple[str, str]) -> None:
    assert one(raw) == expected


def test_lists_groups_and_empty_places_are_read_in_order() -> None:
    found = read_addresses(b"team: a@x.example, <b@x.example>; , undisclosed:;, c@x.example")
    assert [address.address for address in found] == ["a@x.example", "b@x.example", "c@x.example"]


def test_an_encoded_word_is_never_an_address() -> None:
    assert read_addresses(b"=?utf-8?B?YWdlbnRAYi5leGFtcGxl?=") == ()
    (found,) = read_addresses(b"=?utf-8?Q?agent=40b.example?= <thief@c.example>")
    assert found == Address("thief@c.example", "agent@b.example")
    assert all(
        found.address != "agent@example.com" for found in read_addresses(b"=?utf-8?Q?agent?=@example.com")
    )


def test_a_name_cannot_carry_a_line_break() -> None:
    assert one(b"=?utf-8?Q?x=0D=0ABcc:_y?= <a@b.example>")[0] == "x Bcc: y"


def test_the_envelope_alone_names_the_shop_when_there_is_one() -> None:
    data = b"To: t@x.example\nCc: c@x.example\nX-Original-To: o@x.example\nDelivered-To: d@x.example\n\n"
    headers, _ = read_headers(data, 0, len(data))
    assert recipient_addresses(headers, "E@X.example") == ("E@x.example",)
    assert recipient_addresses(headers) == ("d@x.example", "o@x.example", "t@x.example", "c@x.example")


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(data: bytes) -> None:
    for address in read_addresses(data):
        assert "@" in address.address
        assert not set("\r\n\x00 ") & set(address.address)


def test_a_long_list_of_any_marks_takes_linear_time() -> None:
    for piece in (b"(", b"<", b'"', b"\\", b"a@", b"@", b",", b"a ", b'"\\'):
        begun = time.thread_time()
        read_addresses(piece * (64_000 // len(piece)))
        assert time.thread_time() - begun < 1, piece
