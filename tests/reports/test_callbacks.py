"""折返し成功率: how often shoppers who asked to be called back were reached."""

from datetime import date
from uuid import UUID, uuid5

from interactions.values import Outcome
from reports.callbacks import callback_figures
from reports.facts import PhoneFact
from tests.reports.months import at

DAY = date(2026, 10, 14)
ASKED, ANSWERED, MISSED = Outcome.CALLBACK, Outcome.ANSWERED, Outcome.NOT_REACHED


def calls(*told: tuple[str, Outcome, bool]) -> list[PhoneFact]:
    """Who, how it came out, and whether the shopper called us; one each hour from eight on."""
    return [
        PhoneFact(
            number=place, arrived_at=at(DAY, 8 + place), outcome=outcome, within_hours=True, inbound=inbound,
            shopper=uuid5(UUID(int=0), who) if who else None,
            answered_at=at(DAY, 8 + place, 1) if outcome is ANSWERED else None,
        )
        for place, (who, outcome, inbound) in enumerate(told)
    ]  # fmt: skip


def test_the_example_of_the_document() -> None:
    found = callback_figures(
        calls(
            *((who, ASKED, True) for who in "abcde"),
            ("a", MISSED, False), ("a", ANSWERED, False), ("b", ANSWERED, False), ("c", ANSWERED, False),
            ("d", ANSWERED, True), ("d", ANSWERED, False), ("e", MISSED, False),
        )
    )  # fmt: skip

    assert [one.as_json() for one in found] == [
        {"key": "callbacks_asked", "unit": "count", "formula": "", "numerator": 5, "denominator": None,
         "value": 5, "small": True},
        {"key": "callback_rate", "unit": "permille", "formula": "", "numerator": 3, "denominator": 4,
         "value": 750, "small": True},
    ]  # fmt: skip


def test_a_month_without_promises_has_no_such_figure() -> None:
    assert callback_figures(calls(("a", ANSWERED, True), ("a", ANSWERED, False))) == ()


def test_what_was_before_the_promise_or_with_somebody_else_is_no_keeping() -> None:
    told = calls(("a", ANSWERED, False), ("a", ASKED, True), ("b", ANSWERED, False), ("", ANSWERED, False))

    assert callback_figures(told)[1].numerator == 0


def test_two_promises_to_one_shopper_are_kept_by_one_call() -> None:
    told = calls(("a", ASKED, True), ("a", ASKED, True), ("a", ANSWERED, False))

    assert (callback_figures(told)[1].numerator, callback_figures(told)[1].denominator) == (2, 2)
