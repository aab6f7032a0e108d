"""What the month was, in sentences made from its figures. Nothing is said that the figures do not carry.

A trend and a verdict need thirty cases or more; below that the sentence gives the counts and no more.
"""

from dataclasses import dataclass
from datetime import datetime

from nanori.words import N_
from reports.figures import SMALL, Comparison
from reports.kpi import Interval
from reports.month import MonthFigures, compare
from reports.paper.wording import Wording

_VOLUME_UP = N_("{month} brought {calls} and {mails}; calls rose by {change} from {before} the month before.")
_VOLUME_DOWN = N_(
    "{month} brought {calls} and {mails}; calls fell by {change} from {before} the month before."
)
_VOLUME_LEVEL = N_("{month} brought {calls} and {mails}; the month before had as many calls.")
_VOLUME_SMALL = N_("{month} brought {calls} and {mails}; the month before had {before}.")
_LEVEL_MET = N_(
    "The service level within {seconds} s (formula {letter}) was {rate}, {part} of {base}: "
    "the target of {target} was met."
)
_LEVEL_MISSED = N_(
    "The service level within {seconds} s (formula {letter}) was {rate}, {part} of {base}: "
    "the target of {target} was missed."
)


@dataclass(frozen=True, slots=True)
class Story:
    """The month and the month before, told in one language."""

    month: MonthFigures
    before: MonthFigures | None
    wording: Wording

    def summary(self) -> tuple[str, ...]:
        """Five sentences: how much, how many reached us, how soon, where it pinched, what it was about."""
        return (self.volume(), self.reached(), self.speed(), self.pinch(), self.subject())

    def volume(self) -> str:
        words, calls = self.wording.words, compare(self.month, self.before, "offered")
        said = {
            "month": words.month(self.month.period.first),
            "calls": self._calls(calls.now.numerator),
            "mails": words.ngettext("{n} mail", "{n} mails", self._count("mail_received")),
        }
        if calls.before is None:
            return words.gettext("{month} brought {calls} and {mails}.", **said)
        said["before"] = self._calls(calls.before.numerator)
        return words.gettext(_volume_trend(calls), **said, change=self._calls_change(calls))

    def reached(self) -> str:
        words, total = self.wording.words, self.month.total
        said = {
            "answered": words.number(total.answered),
            "offered": words.number(total.offered),
            "lost": words.number(total.lost),
            "rate": self.wording.figure(self.month.figure("answer_rate")),
        }
        if total.offered == 0:
            return words.gettext("No call came in during opening hours.")
        if total.lost == 0:
            return words.ngettext(
                "The one call was answered.", "All {offered} calls were answered.", total.offered, **said
            )
        if total.offered == 1:
            return words.gettext("The one call was not answered.")
        if total.offered < SMALL:
            return words.ngettext(
                "{answered} of {offered} calls were answered, one was not.",
                "{answered} of {offered} calls were answered, {lost} were not.",
                total.lost,
                **said,
            )
        return words.ngettext(
            "{answered} of {offered} calls were answered ({rate}), one was not.",
            "{answered} of {offered} calls were answered ({rate}), {lost} were not.",
            total.lost,
            **said,
        )

    def speed(self) -> str:
        words, terms, level = self.wording.words, self.month.terms, self.month.figure("service_level")
        target = terms.service_level_target_percent
        said = {
            "seconds": terms.answer_within_s,
            "letter": level.formula,
            "rate": self.wording.figure(level),
            "part": words.number(level.numerator),
            "base": words.number(level.denominator),
            "target": f"{target}%",
        }
        if not level.denominator:
            return words.gettext("There is no service level, since no call counts towards it.")
        if level.is_small:
            return words.ngettext(
                "The service level within {seconds} s (formula {letter}) rests on one call, "
                "too few to hold against the target of {target}.",
                "The service level within {seconds} s (formula {letter}) rests on {part} of {base} calls, "
                "too few to hold against the target of {target}.",
                level.denominator,
                **said,
            )
        met = level.numerator * 100 >= target * level.denominator
        return words.gettext(_LEVEL_MET if met else _LEVEL_MISSED, **said)

    def pinch(self) -> str:
        words, worst = self.wording.words, self.month.worst
        minutes = self.month.terms.interval_minutes
        if worst is None:
            if self.month.total.offered == 0:
                return words.gettext("So nobody waited and nobody was turned away.")
            return words.gettext(
                "There was no interval of {minutes} minutes that lost a caller.", minutes=minutes
            )
        if worst.calls.lost == 1:
            return words.gettext(
                "No interval of {minutes} minutes lost more than one caller.", minutes=minutes
            )
        return words.gettext(
            "Most callers were lost on {day}, {span}: {lost} of {offered}.",
            day=words.day(worst.starts_at.date()),
            span=self.span(worst),
            lost=words.number(worst.calls.lost),
            offered=words.number(worst.calls.offered),
        )

    def subject(self) -> str:
        words, rate = self.wording.words, self.month.figure("escalation_rate")
        top = next((row for row in self.month.reasons if row.reason is not None), None)
        said = {
            "contacts": words.number(rate.denominator),
            "escalated": words.number(rate.numerator),
        }
        if not rate.denominator:
            return words.gettext("No contact needed your decision.")
        if top is None:
            return words.ngettext(
                "{escalated} of {contacts} contact needed your decision.",
                "{escalated} of {contacts} contacts needed your decision.",
                rate.denominator,
                **said,
            )
        top_said = {"reason": top.reason, "n": words.number(top.contacts)}
        if not rate.numerator:
            return words.ngettext(
                "The one contact was about “{reason}” and did not need your decision.",
                "The most frequent reason was “{reason}” ({n} of {contacts} contacts); "
                "none needed your decision.",
                rate.denominator,
                **said | top_said,
            )
        return words.ngettext(
            "The one contact was about “{reason}” and needed your decision.",
            "The most frequent reason was “{reason}” ({n} of {contacts} contacts); "
            "{escalated} needed your decision.",
            rate.denominator,
            **said | top_said,
        )

    def daily_title(self) -> str:
        words = self.wording.words
        day = max(self.month.days, key=lambda d: self.month.days[d].offered)
        if self.month.days[day].offered == 0:
            return words.gettext("No call came in during opening hours")
        return words.gettext(
            "No day brought more calls than {day}: {n}",
            day=words.day(day),
            n=words.number(self.month.days[day].offered),
        )

    def hours_title(self) -> str:
        """Which hour lost most callers; the earlier of two."""
        words, hours = self.wording.words, self.month.hours
        lost = self.month.total.lost
        if not lost:
            return words.gettext("No hour of the day lost a caller")
        worst = min(hours, key=lambda hour: (-hours[hour].lost, hour))
        return words.ngettext(
            "The one lost caller came between {hour}:00 and {until}:00",
            "Of {lost} lost callers {n} came between {hour}:00 and {until}:00",
            lost,
            lost=words.number(lost),
            n=words.number(hours[worst].lost),
            hour=worst,
            until=worst + 1,
        )

    def weekly_title(self) -> str:
        words, cells = self.wording.words, self.month.weekday_hours
        if not any(calls.offered for calls in cells.values()):
            return words.gettext("There are no calls to spread over the week")
        weekday, hour = min(cells, key=lambda cell: (-cells[cell].offered, cell))
        return words.gettext(
            "No hour of the week had more calls than {weekday} from {hour}:00 ({n})",
            weekday=words.weekday(weekday, wide=True),
            hour=hour,
            n=words.number(cells[weekday, hour].offered),
        )

    def waits_title(self) -> str:
        words, total, median = self.wording.words, self.month.total, self.month.figure("wait_median")
        said = {
            "part": words.number(total.answered_within),
            "answered": words.number(total.answered),
            "seconds": self.month.terms.answer_within_s,
            "median": self.wording.figure(median),
        }
        if not total.answered:
            return words.gettext("There are no answer times, since no call was answered")
        if total.answered < SMALL:
            return words.ngettext(
                "{part} of {answered} answered call was taken within {seconds} s",
                "{part} of {answered} answered calls were taken within {seconds} s",
                total.answered,
                **said,
            )
        return words.gettext(
            "{part} of {answered} answered calls were taken within {seconds} s, half within {median}", **said
        )

    def out_of_hours_title(self) -> str:
        words, calls = self.wording.words, self.month.out_of_hours_by_hour
        if not any(calls):
            return words.gettext("Nobody called outside opening hours")
        busiest = max(range(24), key=lambda hour: calls[hour])
        return words.gettext(
            "{n} outside opening hours, {voicemails} left a message; "
            "no hour had more than {hour}:00 ({most})",
            n=self._calls(self._count("out_of_hours")),
            voicemails=words.number(self._count("out_of_hours_voicemail")),
            hour=busiest,
            most=words.number(calls[busiest]),
        )

    def settled_title(self) -> str:
        """How long matters took; nothing where none is known to be settled."""
        words, known = self.wording.words, {one.key: one for one in self.month.figures}
        if "resolution_time" not in known:
            return ""
        return words.ngettext(
            "The one settled matter took {mean}",
            "{n} settled matters took {mean} on average, half of them {median} or less",
            known["resolution_time"].denominator or 0,
            mean=self.wording.figure(known["resolution_time"]),
            median=self.wording.figure(known["resolution_median"]),
        )

    def span(self, interval: Interval) -> str:
        return f"{_clock(interval.starts_at)}–{_clock(interval.ends_at)}"

    def _count(self, key: str) -> int:
        return self.month.figure(key).numerator

    def _calls(self, number: int) -> str:
        return self.wording.words.ngettext("{n} call", "{n} calls", number)

    def _calls_change(self, calls: Comparison) -> str:
        if calls.change is None or calls.before is None:
            return ""
        return self.wording.percent_of(abs(calls.change), calls.before.numerator)


def _volume_trend(calls: Comparison) -> str:
    if calls.change is None:
        return _VOLUME_SMALL
    if calls.change == 0:
        return _VOLUME_LEVEL
    return _VOLUME_UP if calls.change > 0 else _VOLUME_DOWN


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"
