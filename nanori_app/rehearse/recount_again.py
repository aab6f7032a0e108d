"""The recount of matters that take several contacts: who came again, and what was reopened."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nanori_app.rehearse.stories import MS, Story

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


def resolved_matters(mails: Sequence[Story], starts: datetime, ends: datetime) -> dict[str, Pair]:
    """How long each matter took that no mail took up again within a week, if that week ended in the month.

    Nothing is put to a shop in a rehearsal: what is not the shopper's time is ours.
    """
    took = []
    for case in {one.case for one in mails if one.case}:
        came = sorted(one.arrived_at for one in mails if one.case == case)
        settled = sorted({at for one in mails if one.case == case for at in one.solved})
        for place, at in enumerate(settled):
            before = settled[:place]
            was_open = any(not before or mail > before[-1] for mail in came if mail <= at)
            rests = not any(timedelta() < mail - at <= WEEK for mail in came)
            if was_open and rests and starts <= at + WEEK < ends:
                took.append(_took(came, before, at))
    whole, shoppers = sorted(sum(parts) for parts in took), sum(theirs for _, theirs in took)
    if not took:
        return {}
    middle, high = (whole[-(-len(whole) * percent // 100) - 1] for percent in (50, 90))
    return {
        "resolution_time": (sum(whole), len(took)),
        "resolution_median": (middle, len(took)),
        "resolution_p90": (high, len(took)),
        "resolution_ours": (sum(whole) - shoppers, len(took)),
        "resolution_shop": (0, len(took)),
        "resolution_shopper": (shoppers, len(took)),
    }


def _took(came: Sequence[datetime], before: Sequence[datetime], at: datetime) -> tuple[int, int]:
    """Our milliseconds and the shopper's of what was settled at last, back to the mail that began it."""
    earlier = [one for one in before if any(one < mail <= at for mail in came)]
    last = earlier[-1] if earlier else None
    first = min(mail for mail in came if last is None or mail > last)
    ours = (at - first) // MS
    if last is None or first - last > WEEK:
        return ours, 0
    more, theirs = _took(came, [one for one in before if one < last], last)
    return ours + more, theirs + (first - last) // MS


def _is_contact(story: Story) -> bool:
    if story.channel == "mail":
        return story.direction == "inbound" and story.party == "human"
    return story.is_answered


def _follows(late: Story, early: Story) -> bool:
    same = (late.shopper, late.reason) == (early.shopper, early.reason)
    after = (late.arrived_at, late.number) > (early.arrived_at, early.number)
    return same and after and late.arrived_at - early.arrived_at <= WEEK
