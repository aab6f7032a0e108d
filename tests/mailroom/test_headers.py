import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.headers import decode_header, from_base64, message_ids, read_field, read_headers
from tests.mailroom.samples import microsoft_jis


def word(text: bytes, charset: str) -> bytes:
    return b"=?" + charset.encode() + b"?B?" + base64.b64encode(text) + b"?="


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (word(microsoft_jis("【①㈱】髙﨑様"), "ISO-2022-JP"), "【①㈱】髙﨑様"),
        (b"=?utf-8?Q?a_b=20c?=  =?UTF-8?q?_d?=", "a b c d"),
        (b"Re: =?utf-8?B?44GC?= (2)", "Re: あ (2)"),
        (b"=?utf-8?B?44GC?==?utf-8?B?44GE?=", "あい"),
        (word("日".encode()[:2], "utf-8") + b"\n " + word("日".encode()[2:], "utf-8"), "日"),
        (b"=?utf-8?Q?what=3F??=", "what??"),
        (b"=?utf-8*en?Q?rfc2231?=", "rfc2231"),
        (b"=?utf-8?B?44GC44G", "あ\ufffd"),
        (b"=?iso-2022-jp?B?GyRC?= =?utf-8?B?44GC?=", "あ"),
        (b"=?nonsense?Q?abc?=", "abc"),
        ("件名そのまま".encode(), "件名そのまま"),
        ("件名そのまま".encode("cp932"), "件名そのまま"),
        (microsoft_jis("生の①㈱です"), "生の①㈱です"),
        (b"=?utf-8?Q?a=0D=0ABcc:_x=40y?=", "a Bcc: x@y"),
        (b"=?utf-8?Q?=00=ED=A0=80=E3=81=82=E3=81=82?=", "\ufffd" * 4 + "ああ"),
        (b"=?=?=?", "=?=?=?"),
        (b"", ""),
    ],
)
def test_a_header_is_decoded_to_one_tidy_line(raw: bytes, text: str) -> None:
    assert decode_header(raw) == text


def test_headers_end_at_the_blank_line_and_fold() -> None:
    data = b"Subject: a\r\n b\r\nTo:x\r\n\r\nbody: no"
    headers, body = read_headers(data, 0, len(data))
    assert headers.lines == (("subject", b"a b"), ("to", b"x"))
    assert data[body:] == b"body: no"


@pytest.mark.parametrize(
    ("data", "names", "body"),
    [
        (b"no header at all\nsecond", [], b"no header at all\nsecond"),
        (b"From me Mon Jan 1\nTo: x\n\nb", ["to"], b"b"),
        (b"To: x\nrubbish\nCc: y\n\nb", ["to", "cc"], b"b"),
        (b"To: x\nthe body without a blank line\nmore", ["to"], b"the body without a blank line\nmore"),
        (b"Subject:\n \n =?utf-8?Q?late?=\n\nb", ["subject"], b"b"),
        (b"To: x", ["to"], b""),
        (b"", [], b""),
    ],
)
def test_disorderly_headers_lose_no_body(data: bytes, names: list[str], body: bytes) -> None:
    headers, start = read_headers(data, 0, len(data))
    assert [name for name, _ in headers.lines] == names
    assert data[start:] == body


def test_too_many_and_too_long_headers_are_cut_and_noted() -> None:
    many = b"X: 1\n" * 2_000 + b"\nbody"
    headers, start = read_headers(many, 0, len(many))
    assert (len(headers.lines), many[start:], headers.notes) == (1_000, b"body", ("headers_cut",))
    long = b"X: " + b"a" * 100_000 + b"\n\n"
    assert read_headers(long, 0, len(long))[0].notes == ("header_cut",)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b'attachment; filename="=?utf-8?B?6KuL5rGC5pu4LnBkZg==?="', "請求書.pdf"),
        (b"attachment; filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8.pdf", "請求書.pdf"),
        (
            b"attachment; filename*0*=utf-8''%E8%AB%8B;\n filename*1*=%E6%B1%82; filename*2=\"x.pdf\"",
            "請求x.pdf",
        ),
        (b"attachment; filename*1=b.txt; filename*0=a", "ab.txt"),
        (b"attachment; filename*=iso-2022-jp''%1B%24B-%21%1B%28B.txt", "①.txt"),
        (b'attachment; filename="a;b\\"c.txt"', 'a;b"c.txt'),
        ('attachment; filename="請求.pdf"'.encode("cp932"), "請求.pdf"),
        (b"attachment; filename=plain name.txt", "plain name.txt"),
        (b'attachment; filename="unclosed.txt', "unclosed.txt"),
        (b"attachment; filename*x*y*=a; =b; filename*99999=c; filename", "ac"),
    ],
)
def test_a_file_name_is_read_in_every_way_that_senders_write_it(raw: bytes, name: str) -> None:
    field = read_field(raw)
    assert field.value == "attachment"
    assert field.parameters["filename"] in (name, "c")


def test_message_ids_are_found_among_rubbish() -> None:
    assert message_ids(b"<a@b> junk <c@d>,<e@f") == ("<a@b>", "<c@d>")
    assert len(message_ids(b"<a@b>" * 500)) == 100


def test_damaged_base64_gives_what_it_holds() -> None:
    assert from_base64(b"44GC*\r\n!44GE") == "あい".encode()
    assert from_base64(b"YQ==Yg==") == b"ab"
    assert from_base64(b"YWJjZ") == b"abc"


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(data: bytes) -> None:
    decode_header(data)
    read_field(data)
    read_headers(data, 0, len(data))


@given(
    st.lists(
        st.sampled_from(
            [b"=?", b"utf-8", b"?B?", b"?Q?", b"?=", b" ", b"44GC", b"=41", b"\n", b'"', b"*", b";"]
        )
    )
)
def test_no_order_of_the_marks_is_too_odd(pieces: list[bytes]) -> None:
    decode_header(b"".join(pieces))
    read_field(b"".join(pieces))


def test_a_header_of_any_marks_takes_linear_time() -> None:
    for piece in (b"=?utf-8?Q?", b"=?utf-8?Q?a?=", b"?=", b"=?", b'"', b"\\", b";", b"<", b"a ", b"x*0=1;"):
        begun = time.thread_time()
        decode_header(piece * (64_000 // len(piece)))
        read_field(piece * (64_000 // len(piece)))
        message_ids(piece * (64_000 // len(piece)))
        assert time.thread_time() - begun < 1, piece
