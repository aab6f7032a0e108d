import base64
import gzip
import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailroom.automatic import AutomaticReason
from mailroom.parsing import ParsedMail, parse_mail
from tests.mailroom.samples import mail, microsoft_jis

MULTIPART = 'Content-Type: multipart/{}; boundary="b"'


def part(*headers: str, body: str | bytes) -> bytes:
    return b"--b\r\n" + mail(*headers, body=body) + b"\r\n"


def test_a_plain_mail_gives_all_that_it_says() -> None:
    parsed = parse_mail(
        mail(
            b"From: =?ISO-2022-JP?B?"
            + base64.b64encode(microsoft_jis("髙田①"))
            + b"?= <Takada@Shop.example>",
            "To: Support <support@minato-coffee.example>, b@x.example",
            "Cc: c@x.example",
            "Reply-To: answer@x.example",
            b"Subject: =?ISO-2022-JP?B?" + base64.b64encode(microsoft_jis("㈱花影の注文")) + b"?=",
            "Message-ID: <one@x.example>",
            "In-Reply-To: <zero@x.example>",
            "References: <a@x.example> <zero@x.example>",
            "Date: Sun, 22 Nov 2026 18:00:00 +0900",
            "Content-Type: text/plain; charset=ISO-2022-JP",
            body=microsoft_jis("①㈱髙﨑です。\r\n届きません。"),
        )
    )
    assert (parsed.author.name, parsed.author.address) == ("髙田①", "Takada@shop.example")
    assert parsed.subject == "㈱花影の注文"
    assert parsed.text == "①㈱髙﨑です。\n届きません。"
    assert parsed.sent_at == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert parsed.answered_ids == ("<zero@x.example>", "<a@x.example>")
    assert [address.address for address in parsed.to + parsed.cc] == [
        "support@minato-coffee.example",
        "b@x.example",
        "c@x.example",
    ]
    assert parsed.answer_to[0].address == "answer@x.example"
    assert (parsed.html, parsed.automatic, parsed.broken, parsed.notes) == (None, None, False, frozenset())


def test_alternatives_are_one_letter_and_related_images_are_attachments() -> None:
    alternative = (
        part("Content-Type: text/plain; charset=utf-8", body="文章")
        + part("Content-Type: text/html; charset=utf-8", body="<p>文章<img src=cid:i@x></p>")
        + part("Content-Type: image/png", "Content-ID: <i@x>", body="\x89PNG")
        + b"--b--\r\n"
    )
    parsed = parse_mail(mail(MULTIPART.format("alternative"), body=alternative))
    assert parsed.text == "文章"
    assert parsed.html == "<p>文章<img src=cid:i@x></p>"
    assert [(file.content_id, file.content_type) for file in parsed.attachments] == [("i@x", "image/png")]


def test_text_before_and_after_a_picture_is_all_shown() -> None:
    body = (
        b"preamble\r\n"
        + part("Content-Type: text/plain", body="one")
        + part("Content-Type: image/jpeg", "Content-Transfer-Encoding: base64", body="/9j/")
        + part("Content-Type: text/html", body="<b>two</b>")
        + part("Content-Type: text/plain", body="3 < 4")
        + b"--b--\r\nepilogue"
    )
    parsed = parse_mail(mail(MULTIPART.format("mixed"), body=body))
    assert parsed.text == "one\n\ntwo\n\n3 < 4"
    assert parsed.html == "<p>one</p>\n<b>two</b>\n<p>3 &lt; 4</p>"
    assert parsed.attachments[0].name == "part-1.jpg"
    assert parsed.attachments[0].content == b"\xff\xd8\xff"


def test_only_html_still_gives_text() -> None:
    parsed = parse_mail(mail("Content-Type: text/html", body="<style>x{}</style><p>一行目<br>二行目</p>"))
    assert parsed.text == "一行目\n二行目"


def test_html_names_its_own_charset_when_the_header_does_not() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=euc-jp"><p>日本語'.encode("euc_jp")
    assert parse_mail(mail("Content-Type: text/html", body=page)).text == "日本語"


@pytest.mark.parametrize(
    "disposition",
    [
        b"attachment; filename*=UTF-8''%E9%AB%99%E6%A9%8B%E2%91%A0.txt",
        b'attachment; filename="=?ISO-2022-JP?B?' + base64.b64encode(microsoft_jis("髙橋①.txt")) + b'?="',
        b'attachment;\r\n filename="' + "髙橋①.txt".encode() + b'"',
    ],
)
def test_an_attachment_keeps_name_and_bytes(disposition: bytes) -> None:
    content = bytes(range(256)) * 40
    body = part(
        "Content-Type: application/octet-stream",
        "Content-Transfer-Encoding: base64",
        (b"Content-Disposition: " + disposition).decode("latin-1"),
        body=base64.encodebytes(content),
    ).replace("髙橋①".encode().decode("latin-1").encode(), "髙橋①".encode())
    (file,) = parse_mail(mail(MULTIPART.format("mixed"), body=body + b"--b--")).attachments
    assert (file.name, file.content) == ("髙橋①.txt", content)


def test_a_forwarded_mail_is_a_file() -> None:
    inner = mail("Subject: inner", body="hello")
    body = part("Content-Type: message/rfc822", body=inner) + b"--b--"
    (file,) = parse_mail(mail(MULTIPART.format("mixed"), body=body)).attachments
    assert (file.name, file.content) == ("part-1.eml", inner)


def test_a_boundary_that_starts_like_another_is_not_the_same() -> None:
    inner = b"--bb\r\nContent-Type: text/plain\r\n\r\ninner\r\n--bb--\r\n"
    body = (
        part('Content-Type: multipart/mixed; boundary="bb"', body=inner)
        + part("X: 1", body="outer")
        + b"--b--"
    )
    assert parse_mail(mail(MULTIPART.format("mixed"), body=body)).text == "inner\n\nouter"


@pytest.mark.parametrize(
    ("raw", "text", "note"),
    [
        (b"just words, no headers", "just words, no headers", "no_headers"),
        (b"", "", None),
        (b"\r\n\r\n", "", None),
        (mail("Content-Type: multipart/mixed", body="no boundary"), "no boundary", "multipart_without_parts"),
        (mail(MULTIPART.format("mixed"), body="never begun"), "never begun", "multipart_without_parts"),
        (mail(MULTIPART.format("mixed"), body=part("X: y", body="not closed")), "not closed\n", None),
        (b"Subject: a\rTo: b@x\r\rold Macintosh", "old Macintosh", None),
        (b"\xef\xbb\xbfSubject: a\n\nbom", "bom", None),
        (mail("Content-Transfer-Encoding: base64", body="44GC*44GE!"), "あい", None),
        (mail("Content-Transfer-Encoding: nonsense", body="plain"), "plain", None),
        (mail("Content-Type: text/plain; charset=zlib", body=gzip.compress(b"x", mtime=0)), None, None),
    ],
)
def test_what_is_out_of_order_is_read_as_far_as_it_goes(
    raw: bytes, text: str | None, note: str | None
) -> None:
    parsed = parse_mail(raw)
    assert not parsed.broken
    assert text is None or parsed.text.rstrip("\n") == text.rstrip("\n") or parsed.text.startswith(text)
    assert note is None or note in parsed.notes


def test_a_header_that_decodes_to_a_line_break_stops_nothing() -> None:
    parsed = parse_mail(
        mail("From: =?utf-8?Q?a=0D=0ABcc:_v=40x?= <a@x.example>", "Subject: =?utf-8?Q?=0D=0AX:_y?=")
    )
    assert parsed.author.name == "a Bcc: v@x"
    assert parsed.subject == "X: y"


def test_an_implausible_date_is_no_date() -> None:
    for date in (
        "yesterday",
        "Mon, 99 Foo 2026",
        "1 Jan 9999 23:00 -1200",
        "",
        "1" * 500,
    ):
        assert parse_mail(mail(f"Date: {date}")).sent_at is None


def test_parts_and_depth_are_bounded() -> None:
    many = parse_mail(mail(MULTIPART.format("mixed"), body=part("X: y", body="z") * 1_000))
    assert "too_many_parts" in many.notes
    assert many.text.count("z") == 199
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(100_000)
    )
    begun = time.thread_time()
    nested = parse_mail(deep)
    assert "too_deep" in nested.notes
    assert time.thread_time() - begun < 3


def test_a_very_long_text_is_cut_and_says_so() -> None:
    parsed = parse_mail(mail("Subject: long", body=b"a" * 3_000_000))
    assert len(parsed.text) == 2 * 1024 * 1024
    assert "text_cut" in parsed.notes
    assert parsed.size > 3_000_000


@pytest.mark.parametrize(
    "piece", [b"a ", b"\n", b">", b"On\n", b"<", b"-", b"--b\n", b"=\n", b"&", b"<b>", b"\r", b"\x1b$B"]
)
@pytest.mark.parametrize("kind", ["text/plain", "text/html", "multipart/mixed; boundary=b"])
def test_a_megabyte_of_anything_takes_no_time(piece: bytes, kind: str) -> None:
    raw = mail(f"Content-Type: {kind}", body=piece * (1_000_000 // len(piece)))
    begun = time.thread_time()
    assert not parse_mail(raw).broken
    assert time.thread_time() - begun < 3


@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    check(parse_mail(raw))


PIECES = [
    *(b"From: ", b"To: a@x\r\n", b"Subject: ", b"=?utf-8?B?", b"?=", b"\r\n", b"\n", b" ", b"Date: "),
    *(
        b"Content-Type: ",
        b"text/html",
        b"multipart/alternative; boundary=b",
        b"--b",
        b"--",
        b"message/rfc822",
    ),
    *(b"Content-Transfer-Encoding: base64\n", b"\x00", b"\xed\xa0\x80", b"; charset=", b"iso-2022-jp"),
    *(b'\x1b$B$"', b"+2AA-", b"utf-7", b"<p>", b"&#0;&#xd800;", b"begin 644 a\n", b"x-uuencode"),
    *(b'Content-Disposition: attachment; filename*0*="', b"References: <a@b>", b"Mon, 1 Jan"),
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
@example([b"Content-Type: ", b"message/rfc822", b"\x00"])
def test_any_order_of_the_pieces_of_mails_is_a_mail(pieces: list[bytes]) -> None:
    check(parse_mail(b"".join(pieces)))


def check(parsed: ParsedMail) -> None:
    """What the database needs of every mail, and that nothing was given up."""
    assert not parsed.broken, parsed.notes
    every = [parsed.subject, parsed.text, parsed.html or "", parsed.author.name, parsed.author.address]
    every += [text for file in parsed.attachments for text in (file.name, file.content_type, file.content_id)]
    every += [*parsed.answered_ids, parsed.message_id or ""]
    for text in every:
        assert "\x00" not in text
        text.encode("utf-8")
    assert "\n" not in parsed.subject


def test_python_and_we_read_an_honest_mail_alike() -> None:
    honest = EmailMessage()
    honest["From"] = "田中 <tanaka@x.example>"
    honest["To"] = "support@minato-coffee.example"
    honest["Subject"] = "とても長い件名です。" * 12
    honest.set_content("本文です。\n" * 40)
    honest.add_alternative("<p>本文です。</p>", subtype="html")
    honest.add_attachment(
        b"\x00\x01" * 999, maintype="application", subtype="pdf", filename="領収書 2026年11月.pdf"
    )
    parsed = parse_mail(honest.as_bytes())
    assert parsed.subject == honest["Subject"]
    assert parsed.text == "本文です。\n" * 39 + "本文です。"
    assert (parsed.attachments[0].name, parsed.attachments[0].content) == (
        "領収書 2026年11月.pdf",
        b"\x00\x01" * 999,
    )


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Auto-Submitted: auto-replied", AutomaticReason.AUTO_SUBMITTED),
        ("Auto-Submitted: no", None),
        ("Return-Path: <>", AutomaticReason.NULL_RETURN_PATH),
        ("Return-Path: <a@x>", None),
        ("Precedence: bulk", AutomaticReason.PRECEDENCE),
        ("X-Auto-Response-Suppress: All", AutomaticReason.SUPPRESS),
        ("X-Auto-Response-Suppress: None", None),
        ("List-Unsubscribe: <mailto:x>", AutomaticReason.MAILING_LIST),
        ("Content-Type: multipart/report; boundary=b", AutomaticReason.REPORT),
        ("From: MAILER-DAEMON@x.example", AutomaticReason.DAEMON),
        ("From: no-reply+1@x.example", AutomaticReason.DAEMON),
        ("From: noreplying@x.example", None),
        ("From: postmaster.tanaka@x.example", AutomaticReason.DAEMON),
        ("Subject: Out of Office: trip", AutomaticReason.SUBJECT),
        ("Subject: 【自動返信】お問い合わせ", AutomaticReason.SUBJECT),
        ("Subject: 不在のお知らせ", AutomaticReason.SUBJECT),
        ("Subject: 配信不能: 注文", AutomaticReason.SUBJECT),
        ("Subject: 自動車の部品", None),
        ("Subject: Read it", None),
    ],
)
def test_a_machines_mail_is_known_by_its_signs(header: str, reason: AutomaticReason | None) -> None:
    assert parse_mail(mail(header.encode() if header.isascii() else header)).automatic is reason
