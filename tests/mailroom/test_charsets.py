import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.charsets import decode, euc_jp, iso_2022_jp, one_line, tidy
from tests.mailroom.samples import microsoft_euc, microsoft_jis

HARD = "①㈱髙﨑様 ご注文№123 ～〜−"


@pytest.mark.parametrize("label", ["ISO-2022-JP", "iso-2022-jp-ms", "cp50220", "csISO2022JP"])
def test_microsofts_iso_2022_jp_is_read_exactly(label: str) -> None:
    text = "①㈱髙﨑 のご注文\nAscii と 日本語"
    decoded = decode(microsoft_jis(text), label)
    assert (decoded.text, decoded.exact) == (text, True)


def test_strict_iso_2022_jp_is_read_exactly() -> None:
    text = "ご注文の確認\n漢字かなカナ、English。"
    assert iso_2022_jp(text.encode("iso2022_jp")) == text


def test_every_character_that_code_page_932_can_carry_over_jis_survives() -> None:
    table = [bytes((first, second)) for first in range(0x21, 0x7F) for second in range(0x21, 0x7F)]
    text = iso_2022_jp(b"\x1b$B" + b"".join(table) + b"\x1b(B")
    assert len(text) == len(table)
    kanji = text[(0x30 - 0x21) * 94 :][:94]
    assert kanji.startswith("亜唖娃阿哀愛挨姶逢葵")


def test_half_width_kana_and_jis_x_0212_are_read_by_any_escape() -> None:
    assert iso_2022_jp(b"\x1b(I1\x1b(B \x0e1\x0f") == "ｱ ｱ"
    assert iso_2022_jp("丂".encode("iso2022_jp_1")) == "丂"


def test_a_lost_escape_costs_one_line() -> None:
    assert iso_2022_jp("日本".encode("iso2022_jp")[:-3] + b"\nplain text") == "日本\nplain text"


def test_half_a_pair_becomes_a_replacement_character() -> None:
    assert iso_2022_jp(b"\x1b$B$") == "\ufffd"
    assert iso_2022_jp(b'\x1b$B\x7f\x7f$"') == "\x7f\x7fあ"


@pytest.mark.parametrize(
    ("label", "data", "text"),
    [
        ("Shift_JIS", "①㈱髙﨑".encode("cp932"), "①㈱髙﨑"),
        ("x-sjis", "表示～".encode("cp932"), "表示～"),
        ("EUC-JP", microsoft_euc("①㈱髙﨑と日本"), "①㈱髙﨑と日本"),
        ("euc-jp", "丂ｱ亜".encode("euc_jp"), "丂ｱ亜"),
        ("gb2312", "镕€".encode("gb18030"), "镕€"),
        ("ks_c_5601-1987", "똠방".encode("cp949"), "똠방"),
        ("iso-8859-1", "“déjà”".encode("cp1252"), "“déjà”"),
        ("big5", "許功蓋".encode("big5"), "許功蓋"),
        ("utf-7", "日本".encode("utf_7"), "日本"),
    ],
)
def test_a_label_stands_for_what_senders_put_under_it(label: str, data: bytes, text: str) -> None:
    assert decode(data, label).text == text


@pytest.mark.parametrize(
    "label", [None, "", "us-ascii", "x-unknown", "unknown-8bit", "zlib", "rot13", "nonsense" * 99]
)
@pytest.mark.parametrize("codec", ["utf_8", "cp932", "euc_jp", "iso2022_jp"])
def test_a_missing_or_useless_label_is_made_up_for_by_looking(label: str | None, codec: str) -> None:
    text = "お世話になっております。株式会社ミナト珈琲の田中です。"
    assert decode(text.encode(codec), label).text == text


def test_western_text_without_a_label_does_not_turn_into_kanji() -> None:
    assert decode("Formação às três".encode("cp1252"), None).text == "Formação às três"


def test_an_untrue_label_is_overruled() -> None:
    text = "ご注文の件です"
    assert decode(text.encode("utf-8"), "iso-8859-1").text == text
    assert decode(text.encode("utf-8"), "iso-2022-jp").text == text
    assert decode(text.encode("cp932"), "utf-8").text == text
    assert not decode(text.encode("cp932"), "utf-8").exact


def test_broken_bytes_keep_the_rest_readable() -> None:
    decoded = decode("ご注文".encode() + b"\xff" + "です。".encode() * 20, "utf-8")
    assert decoded.text == "ご注文\ufffd" + "です。" * 20


def test_tidying_makes_text_that_the_database_takes() -> None:
    assert tidy("a\x00b\ud800c\r\nd\re\x07\x1b") == "a\ufffdb\ufffdc\nd\ne"
    assert tidy("か\u3099") == "が"
    assert tidy("髙﨑") == "髙﨑"


def test_one_line_has_no_line_break_of_any_kind() -> None:
    assert one_line(" a\r\nBcc: x\u2028b\u0085c\x0bd  e ", 99) == "a Bcc: x b cd e"
    assert one_line("あ" * 50, 10) == "あ" * 10


@given(
    st.binary(max_size=400),
    st.sampled_from([None, "iso-2022-jp", "shift_jis", "euc-jp", "utf-7", "utf-16", "hz", "?"]),
)
def test_any_bytes_become_tidy_text(data: bytes, label: str | None) -> None:
    text = tidy(decode(data, label).text)
    assert "\x00" not in text
    text.encode("utf-8")
    assert unicodedata.is_normalized("NFC", text)


@given(st.text(alphabet=st.characters(codec="cp932", exclude_characters="¢£¬‖−〜"), max_size=80))
def test_text_in_shift_jis_comes_back(text: str) -> None:
    assert decode(text.encode("cp932"), "shift_jis").text == text.encode("cp932").decode("cp932")


def test_a_megabyte_of_anything_takes_no_time() -> None:
    for piece in (b"a ", b"\n", b"\x1b$B", b"\x1b(B", b"\x8f\xa1", b"\x0e\x0f", b'$"', b"\xe3\x81"):
        begun = time.thread_time()
        decode(piece * (1_000_000 // len(piece)), "iso-2022-jp")
        euc_jp(piece * (1_000_000 // len(piece)))
        assert time.thread_time() - begun < 4, piece
