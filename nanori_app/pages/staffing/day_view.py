"""A day's plan as the page shows it: chart, lines, cliff."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup

from desks.staffing.erlang import Outlook
from desks.staffing.patience import Patience
from nanori.charts import Bar, Frame, Step, bars, coverage
from nanori.words import N_, Words
from reports.day_plan import DayPlan, Slot

A_LOOK = 6
"""Half hours between two labels of the chart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotLine:
    """One half hour in words."""

    starts: str
    calls: str
    seats: str
    planned: str
    there: str
    missing: str  # "" when nobody is
    reached: str
    one_fewer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CliffLine:
    """So many seats in words."""

    seats: str
    in_time: str
    answer: str
    waits: str
    occupied: str
    gives_up: str
    is_chosen: bool


def chart(plan: DayPlan, zone: ZoneInfo, words: Words, *, title: str) -> Markup:
    """The day as a picture; from the first half hour in which something is needed to the last."""
    shown = _of_interest(plan.slots)
    steps = [
        Step(
            label=words.time(one.start, zone) if number % _every(len(shown)) == 0 else "",
            calls=one.need.load.calls, needed=one.need.rostered, there=one.there,
        )
        for number, one in enumerate(shown)
    ]  # fmt: skip
    said = N_("Calls"), N_("To plan for"), N_("On shift"), N_("Missing")
    calls, needed, there, missing = [words.gettext(one) for one in said]
    drawn = coverage(steps, Frame(title=title, width=960, height=300), key=(calls, needed, there, missing))
    return Markup(drawn)  # noqa: S704 - the chart escapes every word that it draws


def slot_lines(plan: DayPlan, zone: ZoneInfo, words: Words) -> list[SlotLine]:
    """Every half hour in which somebody calls or is there."""
    return [
        SlotLine(
            starts=words.time(one.start, zone),
            calls=words.number(one.need.load.calls, 1),
            seats=words.number(one.need.seats),
            planned=words.number(one.need.rostered),
            there=seats(one.there, words),
            missing=seats(one.missing, words) if one.missing else "",
            reached=words.percent(one.need.reached.service_level if one.need.reached else None),
            one_fewer=words.percent(one.need.one_fewer.service_level if one.need.one_fewer else None),
        )
        for one in _of_interest(plan.slots)
    ]


def cliff_lines(found: Sequence[Outlook], chosen: int, words: Words) -> list[CliffLine]:
    return [
        CliffLine(
            seats=words.number(one.agents),
            in_time=words.percent(one.service_level),
            answer=answer_in(words, one.average_speed_of_answer),
            waits=words.percent(one.wait_probability),
            occupied=words.percent(one.occupancy),
            gives_up=words.percent(one.abandoned),
            is_chosen=one.agents == chosen,
        )
        for one in found
    ]


def cliff_chart(found: Sequence[Outlook], words: Words) -> Markup:
    """Per cent in time by seats."""
    columns = [Bar(words.number(one.agents), round(one.service_level * 100)) for one in found]
    title = words.gettext(N_("Per cent answered in time, by seats"))
    drawn = bars(columns, Frame(title=title, width=320, height=150))
    return Markup(drawn)  # noqa: S704 - the chart escapes every word that it draws


def what_if(slot: Slot | None, plan: DayPlan, patience: Patience | None) -> str:
    """The address at which to play with the busiest half hour; the patience that was learnt is filled in."""
    if slot is None:
        return "/staffing/what-if"
    load = slot.need.load
    asked = {
        "calls": f"{load.calls:.1f}", "interval": "30", "handling": f"{load.handling:.0f}",
        "target": f"{plan.promise.target * 100:.0f}", "within": f"{plan.promise.within:.0f}",
        "away": f"{plan.away.share * 100:.0f}",
    }  # fmt: skip
    if patience is not None:
        asked["patience"] = f"{patience.mean:.0f}"
    return f"/staffing/what-if?{urlencode(asked)}"


def patience_said(found: Patience | None, words: Words) -> str:
    """What is known of how long callers wait; "" for nothing."""
    if found is None:
        return ""
    return words.gettext(
        N_(
            "Callers give up after {mean} in the mean (between {least} and {most} with 95% confidence,"
            " learnt from {n} who did)."
        ),
        mean=words.duration(round(found.mean)), least=words.duration(round(found.least)),
        most=words.duration(round(found.most)), n=words.number(found.gave_up),
    )  # fmt: skip


def answer_in(words: Words, seconds: float) -> str:
    """The mean answer; a line that only grows has none."""
    if seconds == float("inf"):
        return words.gettext(N_("the line only grows"))
    return words.gettext(N_("{seconds} s"), seconds=words.number(seconds, 1))


def seats(count: float, words: Words) -> str:
    """Whole where it is whole."""
    return words.number(count, 0 if count == round(count) else 1)


def _of_interest(slots: Sequence[Slot]) -> Sequence[Slot]:
    busy = [number for number, one in enumerate(slots) if one.need.seats or one.there]
    return slots[busy[0] : busy[-1] + 1] if busy else []


def _every(count: int) -> int:
    return 2 if count <= 4 * A_LOOK else 4
