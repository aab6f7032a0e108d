"""Values as agents type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts_talk.capturing import PROBLEMS, Reading, matches_pattern, read_value
from scripts_talk.steps import CapturedField
from scripts_talk.values import FieldKind

READING = Reading(order_pattern="MC-####", today=date(2026, 11, 22))


def field(kind: FieldKind) -> CapturedField:
    return CapturedField(key="k", label="x", kind=kind, choices=("返品", "交換 (Ｂ)"))


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (FieldKind.TEXT, "  ﾐﾅﾄ　様 ", "ﾐﾅﾄ　様"),
        (FieldKind.PHONE, "０３－１２３４－５６７８", "03-1234-5678"),
        (FieldKind.PHONE, "+81 90 1234 5678", "090-1234-5678"),
        (FieldKind.ORDER_NUMBER, "ｍｃ ー ００１２", "MC-0012"),
        (FieldKind.POSTAL_CODE, "〒１５０ー０００１", "150-0001"),
        (FieldKind.POSTAL_CODE, "1500001", "150-0001"),
        (FieldKind.DATE, "２０２６年１２月２４日", "2026-12-24"),
        (FieldKind.DATE, "2026/1/5", "2026-01-05"),
        (FieldKind.DATE, "12/24", "2026-12-24"),
        (FieldKind.DATE, "１月５日", "2027-01-05"),
        (FieldKind.DATE, "2/29", "2028-02-29"),
        (FieldKind.CHOICE, "交換　（B）", "交換 (Ｂ)"),
        (FieldKind.YES_NO, "はい", "yes"),
        (FieldKind.YES_NO, "ＮＯ", "no"),
        (FieldKind.AMOUNT, "３，９８０円", "3980"),
        (FieldKind.AMOUNT, "¥12,000", "12000"),
        (FieldKind.AMOUNT, "0", "0"),
    ],
)
def test_any_width_and_any_hyphen_is_read(kind: FieldKind, typed: str, value: str) -> None:
    read = read_value(field(kind), typed, READING)
    assert (read.value, read.problem) == (value, "")
    assert read_value(field(kind), read.value, READING) == read


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (FieldKind.PHONE, "123"),
        (FieldKind.ORDER_NUMBER, "MC-12"),
        (FieldKind.POSTAL_CODE, "150-001"),
        (FieldKind.DATE, "2026-02-30"),
        (FieldKind.DATE, "2/30"),
        (FieldKind.CHOICE, "修理"),
        (FieldKind.YES_NO, "たぶん"),
        (FieldKind.AMOUNT, "3,98"),
    ],
)
def test_what_cannot_be_read_is_kept_and_told(kind: FieldKind, typed: str) -> None:
    read = read_value(field(kind), typed, READING)
    assert (read.value, read.problem) == (typed, PROBLEMS[kind])
    assert read.problem


@given(st.sampled_from(FieldKind), st.text(max_size=40))
def test_a_good_value_is_read_as_itself(kind: FieldKind, typed: str) -> None:
    read = read_value(field(kind), typed, READING)
    if not read.problem:
        assert read_value(field(kind), read.value, READING) == read


def test_patterns_of_order_numbers() -> None:
    assert matches_pattern("MC-2026-0001", "mc-####-####")
    assert matches_pattern("AB12", "@@*")
    assert not matches_pattern("AB", "@@*")
    assert not matches_pattern("MCx0001", "MC.####")
