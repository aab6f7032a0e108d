"""The recount knows the definitions, not the reports."""

from datetime import date
from typing import Any

import pytest

from nanori_app.rehearse.recount import LETTERS, differences, nearest, recount

FACTS: dict[str, Any] = {
    "zone": "Asia/Tokyo",
    "terms": {
        "letter": "A",
        "second_letter": None,
        "answer_within_seconds": 20,
        "short_abandon_seconds": 5,
        "mail_within_minutes": 60,
        "counts_out_of_hours": False,
    },
    "week": {str(day): [[540, 1080]] for day in range(5)},
    "days": {},
}
OCTOBER = date(2026, 10, 1)
FRIDAY, MONDAY = "2026-10-02", "2026-10-05"


def rows(number: int, channel: str, *events: tuple[str, str]) -> list[dict[str, str]]:
    """Events of one interaction; times are UTC."""
    return [
        {
            "shop": "a", "number": str(number), "channel": channel, "direction": "inbound", "party": "human",
            "shopper": "s", "reason": "", "seq": str(seq), "kind": kind, "at": f"{at}Z", "actor": "system",
            "data": "{}",
        }
        for seq, (kind, at) in enumerate(events, start=1)
    ]  # fmt: skip


ANSWERED = rows(
    1, "phone",
    ("arrived", f"{FRIDAY}T01:00:00.000"), ("queued", f"{FRIDAY}T01:00:04.000"),
    ("offered", f"{FRIDAY}T01:00:04.000"), ("answered", f"{FRIDAY}T01:00:24.000"),
    ("held", f"{FRIDAY}T01:00:54.000"), ("resumed", f"{FRIDAY}T01:01:04.500"),
    ("ended", f"{FRIDAY}T01:02:04.500"), ("wrapped_up", f"{FRIDAY}T01:02:34.500"),
)  # fmt: skip
ABANDONED = rows(
    2, "phone",
    ("arrived", f"{FRIDAY}T02:00:00.000"), ("queued", f"{FRIDAY}T02:00:04.000"),
    ("abandoned", f"{FRIDAY}T02:00:09.001"), ("ended", f"{FRIDAY}T02:00:09.001"),
)  # fmt: skip
OVER_THE_WEEKEND = rows(
    3, "mail",
    ("received", f"{FRIDAY}T08:30:00.000"), ("first_reply", f"{MONDAY}T00:15:00.000"),
    ("ended", f"{MONDAY}T00:15:00.000"),
)  # fmt: skip


def test_a_promise_to_call_back_is_kept_by_our_next_conversation() -> None:
    asked = rows(
        4, "phone",
        ("arrived", f"{FRIDAY}T03:00:00.000"), ("queued", f"{FRIDAY}T03:00:04.000"),
        ("callback_requested", f"{FRIDAY}T03:00:30.000"), ("ended", f"{FRIDAY}T03:00:30.000"),
    )  # fmt: skip
    called = rows(
        5, "phone",
        ("arrived", f"{FRIDAY}T03:10:00.000"), ("dialled", f"{FRIDAY}T03:10:04.000"),
        ("answered", f"{FRIDAY}T03:10:20.000"), ("ended", f"{FRIDAY}T03:11:00.000"),
    )  # fmt: skip
    outbound = [row | {"direction": "outbound"} for row in called]
    counted = [
        recount([*asked, *after], FACTS, OCTOBER).figures["callback_rate"] for after in ([], called, outbound)
    ]

    assert counted == [(0, 1), (0, 0), (1, 1)]


def test_a_call_is_counted_with_its_talk_hold_and_after_call_work() -> None:
    figures = recount(ANSWERED, FACTS, OCTOBER).figures
    assert figures["offered"] == (1, None)
    assert figures["speed_of_answer"] == (20_000, 1)
    assert figures["service_level"] == (1, 1)
    assert figures["talk_time"] == (90_000, 1)
    assert figures["hold_time"] == (10_500, 1)
    assert figures["after_call_work"] == (30_000, 1)


def test_one_millisecond_more_than_the_threshold_is_no_short_abandon() -> None:
    figures = recount([*ANSWERED, *ABANDONED], FACTS, OCTOBER).figures
    assert figures["abandoned"] == (1, None)
    assert figures["abandoned_short"] == (0, None)
    assert figures["answer_rate"] == (1, 2)
    assert figures["callers_in_weak_intervals"] == (1, 2)


def test_the_clock_of_a_mail_stands_still_over_the_weekend() -> None:
    figures = recount(OVER_THE_WEEKEND, FACTS, OCTOBER).figures
    assert figures["mail_first_response"] == (45 * 60_000, 1)
    assert figures["mail_within_target"] == (1, 1)
    assert figures["mail_same_day"] == (0, 1)
    assert figures["mail_backlog"] == (0, None)


def test_a_matter_takes_from_its_first_mail_until_it_is_settled_for_good() -> None:
    """Taken up again on Saturday, settled on Monday; a second matter rests until the month is over."""

    def mail(number: int, case: str, came: str, settled: str) -> list[dict[str, str]]:
        events = (
            ("received", f"{came}.000"), ("first_reply", f"{settled}.000"), ("solved", f"{settled}.000"),
            ("ended", f"{settled}.000"),
        )  # fmt: skip
        return [row | {"case": case} for row in rows(number, "mail", *events)]

    figures = recount(
        [
            *mail(6, "a", f"{FRIDAY}T01:00:00", f"{FRIDAY}T03:00:00"),
            *mail(7, "a", "2026-10-03T03:00:00", f"{MONDAY}T03:00:00"),
            *mail(8, "b", f"{FRIDAY}T01:00:00", f"{FRIDAY}T02:00:00"),
            *mail(9, "c", "2026-10-26T01:00:00", "2026-10-26T02:00:00"),
        ],
        FACTS,
        OCTOBER,
    ).figures
    hour = 3_600_000
    assert figures["resolution_time"] == (75 * hour, 2)
    assert (figures["resolution_median"], figures["resolution_p90"]) == ((hour, 2), (74 * hour, 2))
    assert (figures["resolution_ours"], figures["resolution_shopper"]) == ((51 * hour, 2), (24 * hour, 2))
    assert "resolution_time" not in recount(ANSWERED, FACTS, OCTOBER).figures


@pytest.mark.parametrize(
    ("letter", "value"),
    [("A", 81.13), ("B", 81.90), ("C", 82.08), ("D", 82.69), ("E", 83.02), ("F", 86.00)],
)
def test_the_six_letters_give_the_published_example(letter: str, value: float) -> None:
    counts = {"A": 1000, "B": 60, "At": 860, "Bt": 20, "Bs": 10, "O": 0}
    within, base = LETTERS[letter](counts)
    assert round(100 * within / base, 2) == value


def test_a_percentile_is_a_wait_that_somebody_had() -> None:
    assert nearest([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 90) == (90, 10)
    assert nearest([], 90) == (0, 0)


def test_a_figure_that_nobody_recounts_is_a_difference() -> None:
    counted = recount(ANSWERED, FACTS, OCTOBER)
    reported = {
        "figures": [{"key": "invented", "numerator": 1, "denominator": None}],
        "days": [], "reasons": [], "escalations": [], "backlog_ages": [0, 0, 0, 0], "worst_interval": None,
    }  # fmt: skip
    assert "invented: counted nothing, reported 1" in differences(counted, reported)
