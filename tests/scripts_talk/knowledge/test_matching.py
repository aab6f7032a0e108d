"""Japanese text made comparable, and Markdown made harmless: pure."""

from hypothesis import given
from hypothesis import strategies as st

from scripts_talk.knowledge.changes import ChangeKind, changes
from scripts_talk.knowledge.markup import to_html, to_plain
from scripts_talk.knowledge.matching import excerpt, grouped, likeness, searchable, words_of

SOUND_MARKS = "゙゚ﾞﾟ\u0301"
LETTERS = "返品解約髙高﨑ギフトぎふとｷﾞﾌﾄヴう゛ーｰ-－―ABＣａｂ①㈱　 \n、。！ß" + SOUND_MARKS
texts = st.text(alphabet=LETTERS, max_size=40)


@given(texts, st.integers(0, 40))
def test_any_two_letters_of_a_text_are_found_in_it(text: str, start: int) -> None:
    pair = text[start : start + 2]
    cut_before_a_mark = text[start + 2 : start + 3] in SOUND_MARKS and start + 2 < len(text)
    begins_with_a_mark = pair[:1] in SOUND_MARKS and bool(pair)

    if not cut_before_a_mark and not begins_with_a_mark:
        assert all(word in searchable(text) for word in words_of(pair))


@given(texts)
def test_what_was_made_comparable_stays_as_it_is(text: str) -> None:
    assert searchable(searchable(text)) == searchable(text)


def test_width_kana_capitals_and_old_kanji_make_no_difference() -> None:
    ways = ("キャンセル", "ｷｬﾝｾﾙ", "きゃんせる")
    assert {searchable(way) for way in ways} == {"きゃんせる"}
    assert searchable("㈱髙島ＡＢＣ－１２") == searchable("(株)高島abc-12")
    assert words_of(" 返品　ギフト 返品 ") == ("返品", "ぎふと")


@given(texts, texts)
def test_marking_changes_no_letter(text: str, query: str) -> None:
    pieces = excerpt(text, words_of(query))
    shown = "".join(piece.text for piece in pieces).removeprefix("…").removesuffix("…")

    assert shown in " ".join(text.split()) or "…" in text


def test_the_excerpt_shows_the_place_with_the_word_marked() -> None:
    pieces = excerpt("あ" * 60 + "商品のｷｬﾝｾﾙは発送前まで承ります。" + "い" * 90, words_of("キャンセル"))

    assert [piece.text for piece in pieces if piece.is_hit] == ["ｷｬﾝｾﾙ"]
    assert (pieces[0].text, pieces[-1].text) == ("…", "…")


def test_questions_in_similar_words_stand_together() -> None:
    asked = [
        "返品できますか",
        "送料はいくらですか",
        "返品は出来ますか？",
        "冷凍できますか",
        "返品の送料は",
    ]

    found = grouped((one, one) for one in asked)

    assert found[0] == ["返品できますか", "返品は出来ますか？"]
    assert len(found) == 4


@given(texts, texts)
def test_likeness_is_a_share_and_the_same_from_both_sides(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1
    assert likeness(one, one) == 1


def test_typed_html_and_dangerous_links_never_reach_a_page() -> None:
    drawn = to_html(
        "# 返品\n<script>alert(1)</script><img src=x onerror=alert(1)>\n\n"
        "[a](javascript:alert(1)) [b](data:text/html,x) [c](/logout) ![d](https://x.example/p.png)"
    )

    assert "<h3>返品</h3>" in drawn
    assert not any(bad in drawn for bad in ("<script", "<img", 'href="javascript', 'href="data', 'href="/'))


def test_a_mail_gets_plain_words() -> None:
    text = "## 返品\n**8日**以内に\nご連絡ください。\n\n1. 梱包\n2. 発送\n\n- [窓口](https://a.example/x)"

    assert to_plain(text) == (
        "返品\n\n8日以内に\nご連絡ください。\n\n1. 梱包\n2. 発送\n\n・窓口 https://a.example/x"
    )


@given(texts, texts)
def test_changes_hold_both_wordings(before: str, after: str) -> None:
    found = changes(before, after)

    assert "".join(one.text for one in found if one.kind is not ChangeKind.ADDED) == before
    assert "".join(one.text for one in found if one.kind is not ChangeKind.REMOVED) == after
