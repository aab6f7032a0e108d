"""Counts a month anew from the raw event log alone, by ``docs/algorithms/kpi.md``.

Shares no code with the reports: two people who read the same definitions must come to the same figures.
Takes rows of the CSV and a shop's facts as JSON, nothing else.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from nanori_app.rehearse.recount_again import came_again
from nanori_app.rehearse.recount_mail import mail_counts
from nanori_app.rehearse.stories import Story, story_of

Pair = tuple[int, int | None]
"""Numerator and denominator; None where a figure is a bare number."""

WEAK = 80
LETTERS = {
    "A": lambda c: (c["At"], c["A"] + c["B"] + c["O"]),
    "B": lambda c: (c["At"], c["A"] + c["B"] + c["O"] - c["Bs"]),
    "C": lambda c: (c["At"] + c["Bs"], c["A"] + c["B"] + c["O"]),
    "D": lambda c: (c["At"], c["A"] + c["B"] + c["O"] - c["Bt"]),
    "E": lambda c: (c["At"] + c["Bt"], c["A"] + c["B"] + c["O"]),
    "F": lambda c: (c["At"], c["A"]),
}


@dataclass(frozen=True, slots=True)
class Recount:
    """Figures by key, and the rows beside them."""

    figures: dict[str, Pair]
    days: dict[str, tuple[int, int, int]]  # offered, answered, mails
    reasons: dict[str, tuple[int, int, int]]  # calls, mails, escalated
    escalations: int
    backlog_ages: list[int]
    worst: str | None


def recount(rows: Iterable[Mapping[str, str]], facts: Mapping[str, Any], first: date) -> Recount:
    """Count one shop's month that begins with ``first``."""
    zone = ZoneInfo(facts["zone"])
    end = (first + timedelta(days=32)).replace(day=1)
    stories = [story_of(list(group)) for _, group in groupby(rows, key=lambda row: int(row["number"]))]
    inside = [one for one in stories if first <= one.arrived_at.astimezone(zone).date() < end]
    calls = [one for one in inside if one.channel == "phone"]
    mails = [one for one in stories if one.channel == "mail" and one.party == "human"]
    received = [one for one in inside if one in mails]
    mail, ages = mail_counts(mails, facts, zone, first, end)
    offered = [one for one in calls if one.is_offered]
    intervals = _intervals(calls, facts, zone)
    return Recount(
        figures={
            **_phone(calls, facts, intervals),
            **_apart(calls),
            **mail,
            **_contacts(calls, received),
            **came_again(stories, first, end, zone),
        },
        days=_days(calls, received, facts, zone, first, end),
        reasons=_reasons([one for one in offered if one.is_answered], received),
        escalations=sum(one.escalations for one in inside),
        backlog_ages=ages,
        worst=_worst(intervals),
    )


def rows_of(rows: Iterable[Mapping[str, str]], slug: str) -> list[Mapping[str, str]]:
    return [row for row in rows if row["shop"] == slug]


def _phone(
    calls: Sequence[Story], facts: Mapping[str, Any], intervals: Mapping[str, tuple[int, int]]
) -> dict[str, Pair]:
    terms = facts["terms"]
    n = _sums(calls, terms)
    lost = n["N"] - n["A"] - n["B"] - n["O"]
    weak = sum(of for of, a in intervals.values() if a * 100 < WEAK * of)
    figures: dict[str, Pair] = {
        "calls_inbound": (sum(one.direction == "inbound" for one in calls), None),
        "offered": (n["N"], None),
        "answered": (n["A"], None),
        "abandoned": (n["B"], None),
        "abandoned_short": (n["Bs"], None),
        "lost_otherwise": (lost, None),
        "out_of_hours": (n["outside"], None),
        "out_of_hours_voicemail": (n["messages"], None),
        "answer_rate": (n["A"], n["N"]),
        "abandon_rate": (n["B"], n["N"]),
        "abandon_rate_without_short": (n["B"] - n["Bs"], n["N"] - n["Bs"]),
        "service_level": LETTERS[terms["letter"]](n),
        "callers_in_weak_intervals": (weak, sum(of for of, _ in intervals.values())),
    }
    if terms["second_letter"]:
        figures["service_level_second"] = LETTERS[terms["second_letter"]](n)
    timed = _times([one for one in calls if one.is_offered], n) | _followed_up(calls)
    return figures | timed | _called_back(calls) | _checked(calls)


def _times(offered: Sequence[Story], n: Mapping[str, int]) -> dict[str, Pair]:
    answered = [one for one in offered if one.is_answered]
    waits = sorted(one.waited for one in answered)
    handled = n["talk"] + n["hold"] + n["acw"]
    return {
        "speed_of_answer": (sum(waits), n["A"]),
        "wait_median": nearest(waits, 50),
        "wait_p90": nearest(waits, 90),
        "wait_longest": nearest(waits, 100),
        "time_to_abandon": (sum(one.waited for one in offered if one.is_abandoned), n["B"]),
        "talk_time": (n["talk"], n["A"]),
        "hold_time": (n["hold"], n["A"]),
        "hold_time_when_held": (n["hold"], sum(one.hold > 0 for one in answered)),
        "after_call_work": (n["acw"], n["A"]),
        "handling_time": (handled, n["A"]),
        "transfer_rate": (sum(one.transferred for one in answered), n["A"]),
        "agent_no_answer": (sum(one.missed for one in offered), sum(one.offers for one in offered)),
        "greeting_accuracy": (sum(one.name_confirmed for one in answered), n["A"]),
    }


def _followed_up(calls: Sequence[Story]) -> dict[str, Pair]:
    """Handling of the calls that were made for a case and answered."""
    ours = [one for one in calls if one.direction == "outbound" and one.party == "human" and one.case]
    took = [one.talk + one.hold + one.acw for one in ours if one.answered_at and one.ended_at]
    return {"follow_up_handling_time": (sum(took), len(took))} if took else {}


def _called_back(calls: Sequence[Story]) -> dict[str, Pair]:
    """Promises by the shopper's next conversation: our call keeps one, the shopper's own ends the need.

    Who had spoken with an agent before asking has been answered; that is no call left for a promise.
    """
    promises = [one for one in calls if "callback_requested" in one.kinds and not one.answered_at]
    if not promises:
        return {}
    spoken = [one for one in calls if one.shopper and one.answered_at]
    ends = []
    for promise in promises:
        after = [one for one in spoken if one.shopper == promise.shopper and one.number > promise.number]
        ends.append(min(after, key=lambda one: one.number).direction if after else "")
    needed = len(ends) - ends.count("inbound")
    return {"callbacks_asked": (len(ends), None), "callback_rate": (ends.count("outbound"), needed)}


def _checked(calls: Sequence[Story]) -> dict[str, Pair]:
    """What supervisors found: each class of error fails a call once."""
    found = [one.found for one in calls if one.found is not None]
    if not found:
        return {}
    classes = {"name_right": "name"}
    classes |= {f"no_{one}_error": one for one in ("customer", "business", "compliance")}
    return {"calls_checked": (len(found), None)} | {
        key: (sum(fault not in one for one in found), len(found)) for key, fault in classes.items()
    }


def nearest(ordered: Sequence[int], percent: int) -> Pair:
    """Nearest rank: the smallest value that so many per cent do not exceed."""
    for place, value in enumerate(ordered, start=1):
        if place * 100 >= percent * len(ordered):
            return value, len(ordered)
    return 0, 0


def _sums(calls: Sequence[Story], terms: Mapping[str, Any]) -> dict[str, int]:
    offered = [one for one in calls if one.is_offered]
    answered = [one.waited for one in offered if one.is_answered]
    abandoned = [one.waited for one in offered if one.is_abandoned]
    outside = [one for one in calls if one.apart == "out_of_hours"]
    counted = len(outside) if terms["counts_out_of_hours"] else 0
    within, short = terms["answer_within_seconds"] * 1000, terms["short_abandon_seconds"] * 1000
    spoken = [one for one in offered if one.is_answered]
    return {
        "N": len(offered) + counted,
        "A": len(answered),
        "B": len(abandoned),
        "O": counted,
        "At": sum(wait <= within for wait in answered),
        "Bt": sum(wait <= within for wait in abandoned),
        "Bs": sum(wait <= short for wait in abandoned),
        "talk": sum(one.talk for one in spoken),
        "hold": sum(one.hold for one in spoken),
        "acw": sum(one.acw for one in spoken),
        "outside": len(outside),
        "messages": sum(one.left_message for one in outside),
    }


CLASSES = (
    "out_of_hours", "left_in_guidance", "ivr_self_served", "overflow_before_queue",
    "voicemail_before_queue", "system_fault_before_queue", "connected_directly", "blocked", "bot", "test",
    "in_progress", "outbound",
)  # fmt: skip


def _apart(calls: Sequence[Story]) -> dict[str, Pair]:
    found = Counter(one.apart for one in calls)
    return {f"apart_{name}": (found[name], None) for name in CLASSES}


def _contacts(calls: Sequence[Story], mails: Sequence[Story]) -> dict[str, Pair]:
    contacts = [one for one in calls if one.is_answered] + list(mails)
    passed = sum(one.escalations > 0 for one in contacts)
    waiting = sum(one.ended_at is None and not one.escalations for one in mails)
    return {
        "self_completed": (len(contacts) - passed - waiting, len(contacts)),
        "escalation_rate": (passed, len(contacts)),
    }


def _intervals(
    calls: Sequence[Story], facts: Mapping[str, Any], zone: ZoneInfo
) -> dict[str, tuple[int, int]]:
    """Half hours by arrival: offered and answered."""
    found: dict[str, tuple[int, int]] = {}
    for one in calls:
        outside = one.apart == "out_of_hours" and facts["terms"]["counts_out_of_hours"]
        if one.is_offered or outside:
            local = one.arrived_at.astimezone(zone)
            start = local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0).isoformat()
            offered, answered = found.get(start, (0, 0))
            found[start] = offered + 1, answered + one.is_answered
    return found


def _worst(intervals: Mapping[str, tuple[int, int]]) -> str | None:
    losing = [(a - of, of, start) for start, (of, a) in intervals.items() if a < of]
    return min(losing)[2] if losing else None


def _days(
    calls: Sequence[Story],
    mails: Sequence[Story],
    facts: Mapping[str, Any],
    zone: ZoneInfo,
    first: date,
    end: date,
) -> dict[str, tuple[int, int, int]]:
    rows = {}
    for number in range((end - first).days):
        day = first + timedelta(days=number)
        arrived = [one for one in calls if one.arrived_at.astimezone(zone).date() == day]
        n = _sums(arrived, facts["terms"])
        written = sum(one.arrived_at.astimezone(zone).date() == day for one in mails)
        rows[day.isoformat()] = (n["N"], n["A"], written)
    return rows


def _reasons(answered: Sequence[Story], mails: Sequence[Story]) -> dict[str, tuple[int, int, int]]:
    by_phone = Counter(one.reason for one in answered)
    by_mail = Counter(one.reason for one in mails)
    passed = Counter(one.reason for one in (*answered, *mails) if one.escalations)
    return {
        reason: (by_phone[reason], by_mail[reason], passed[reason])
        for reason in {*by_phone, *by_mail}
    }  # fmt: skip


def differences(counted: Recount, figures: Mapping[str, Any]) -> list[str]:
    """Where a report's JSON says something else than the recount."""
    wrong = []
    printed = {one["key"]: (one["numerator"], one["denominator"]) for one in figures["figures"]}
    for key in sorted(counted.figures.keys() | printed.keys()):
        mine, theirs = counted.figures.get(key), printed.get(key)
        if mine != theirs:
            wrong.append(f"{key}: counted {_spelled(mine)}, reported {_spelled(theirs)}")
    days = {one["day"]: (one["offered"], one["answered"], one["mails"]) for one in figures["days"]}
    reasons = {
        one["reason"] or "": (one["calls"], one["mails"], one["escalated"]) for one in figures["reasons"]
    }
    worst = figures["worst_interval"]
    beside = {
        "days": (counted.days, days),
        "reasons": (counted.reasons, reasons),
        "escalations": (counted.escalations, len(figures["escalations"])),
        "backlog_ages": (counted.backlog_ages, figures["backlog_ages"]),
        "worst_interval": (
            counted.worst and datetime.fromisoformat(counted.worst),
            worst and datetime.fromisoformat(worst["starts_at"]),
        ),
    }
    wrong += [f"{name}: counted {a}, reported {b}" for name, (a, b) in beside.items() if a != b]
    return wrong


def _spelled(pair: Pair | None) -> str:
    return "nothing" if pair is None else json.dumps(pair[0] if pair[1] is None else pair)
