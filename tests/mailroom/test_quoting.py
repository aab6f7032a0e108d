import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.quoting import fold_quotes

NEW = "ありがとうございます。\n届きました。\n\n"


def visible(text: str) -> str:
    return "".join(block.text for block in fold_quotes(text) if not block.quoted)


@pytest.mark.parametrize(
    "history",
    [
        "2026年11月22日(日) 10:00 ミナト珈琲 <support@minato-coffee.example>:\n> ご注文\n> ありがとう\n",
        "2026/11/22 10:00、ミナト珈琲 <support@minato-coffee.example>のメール:\n\n> ご注文\n",
        "On Sun, Nov 22, 2026 at 10:00 AM Northwind Tea\n<support@northwind-tea.example> wrote:\n\n> hello\n",
        "On Sun, Nov 22, 2026 at 10:00 AM Tea <a@b.example> wrote:\nnothing is marked here\n",
        "-----Original Message-----\nFrom: a\nSent: b\n\nold\n",
        "----- 元のメッセージ -----\n差出人: a\n",
        "_____________________\n差出人: ミナト珈琲\n送信日時: 2026年11月\n宛先: 田中\n件名: 注文\n\n古い\n",
        "From: Northwind <a@b.example>\nSent: Sunday\nTo: Tanaka\nSubject: Tea\n\nold words\n",
        "---------- Forwarded message ---------\nFrom: a\n",
        "> ご注文\n> ありがとう\n",
        "＞ご注文\n",
        "Am 22.11.2026 um 10:00 schrieb Tea:\n> alt\n",
        "2026-11-22 10:00 に 田中様 さんは書きました:\n> 古い\n",
    ],
)
def test_history_is_folded_and_the_new_words_stay(history: str) -> None:
    assert visible(NEW + history).rstrip("\n") == NEW.rstrip("\n")


@pytest.mark.parametrize(
    "text",
    [
        "11月22日の10:00に届けてください:\nよろしくお願いします。",
        "On Monday I ordered tea.\nIt has not come.",
        "件名: 注文の件\nよろしくお願いします。",
        "From: 東京\nTo: 大阪\nの配送料はいくらですか。",
        "----------\n田中花子\n----------",
        "-- \nTanaka",
        "a > b",
    ],
)
def test_new_words_that_look_like_history_stay(text: str) -> None:
    assert visible(text) == text


def test_answers_between_quoted_lines_stay() -> None:
    text = "On 22/11/2026 10:00, Tea <a@b.example> wrote:\n> one?\nyes\n> two?\nno\n"
    assert visible(text) == "yes\nno\n"


def test_a_mail_of_nothing_but_history_is_shown() -> None:
    assert visible("> old\n> words\n") == "> old\n> words\n"
    assert fold_quotes("") == ()


LINES = [
    *(
        "> a\n",
        "x\n",
        "\n",
        "On 1/1/2026 a wrote:\n",
        "----- Original Message -----\n",
        "From: a\n",
        "To: b\n",
    ),
    *("件名: c\n", "\x85", "\u2028", "\x0c", "____________________\n"),
]


@given(st.lists(st.sampled_from(LINES)))
def test_folding_deletes_nothing(lines: list[str]) -> None:
    text = "".join(lines)
    blocks = fold_quotes(text)
    assert "".join(block.text for block in blocks) == text
    assert all(one.quoted != two.quoted for one, two in pairwise(blocks))


@pytest.mark.parametrize(
    "piece", ["a ", "\n", ">", "On\n", "<", "-", "On a ", "2026/11/22 ", "_" * 20 + "\n", "From:\n", " >"]
)
def test_a_megabyte_of_anything_takes_no_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    begun = time.thread_time()
    fold_quotes(text)
    fold_quotes("On " + text)
    assert time.thread_time() - begun < 6
