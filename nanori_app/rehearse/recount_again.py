"""The recount of matters that take several contacts: who came again, and what was reopened."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nanori_app.rehearse.stories import Story

WEEK = timedelta(days=7)
Pair = tuple[int, int | None]


def came_again(stories: Sequence[Story], first: date, end: date, zone: ZoneInfo) -> dict[str, Pair]:
    """Repeats of the month, and first contacts a week earlier that needed nothing more."""
    starts, ends = (datetime.combine(day, time(), tzinfo=zone) for day in (first, end))
    contacts = [one for one in stories if one.shopper and one.reason and _is_contact(one)]
    repeats = [one for one in contacts if any(_follows(one, other) for other in contacts)]
    again = {one.number for one in repeats}
    inside = [one for one in contacts if starts <= one.arrived_at < ends]
    begun = [
        one for one in contacts if one.number not in again and starts - WEEK <= one.arrived_at < ends - WEEK
    ]
    settled = [
        one
        for one in begun
        if one.ended_at is not None
        and one.ended_at < ends
        and not one.escalations
        and not any(_follows(other, one) for other in contacts)
    ]
    return {
        "repeat_contact_rate": (sum(one.number in again for one in inside), len(inside)),
        "first_contact_resolution": (len(settled), len(begun)),
    }


def answered_matters(mails: Sequence[Story], starts: datetime, ends: datetime) -> dict[str, Pair]:
    """Answers for each matter of the month, and matters of a week earlier that were taken up again."""
    cases = [one.case or f"mail {one.number}" for one in mails]
    written = {
        (case, at)
        for case, one in zip(cases, mails, strict=True)
        for at in one.replies
        if starts <= at < ends
    }
    solved = again = 0
    for case, one in zip(cases, mails, strict=True):
        times = [at for at in one.solved if starts - WEEK <= at < ends - WEEK]
        later = [
            at for name, other in zip(cases, mails, strict=True) if name == case for at in other.reopened
        ]
        solved += bool(times)
        again += any(timedelta() < at - before <= WEEK for before in times for at in later)
    return {
        "touches_per_case": (len(written), len({case for case, _ in written})),
        "reopen_rate": (again, solved),
    }


def _is_contact(story: Story) -> bool:
    if story.channel == "mail":
        return story.direction == "inbound" and story.party == "human"
    return story.is_answered


def _follows(late: Story, early: Story) -> bool:
    same = (late.shopper, late.reason) == (early.shopper, early.reason)
    after = (late.arrived_at, late.number) > (early.arrived_at, early.number)
    return same and after and late.arrived_at - early.arrived_at <= WEEK
