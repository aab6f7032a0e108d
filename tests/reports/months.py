"""Believable months of facts for the tests of figures and paper, drawn from a seed."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from interactions.values import Outcome
from reports.business_time import OpenSpans
from reports.facts import MILLISECOND, EscalationFact, MailFact, Period, PhoneFact, Terms
from reports.month import MonthFacts, MonthFigures, month_figures
from reports.resolutions import Settled

TOKYO = ZoneInfo("Asia/Tokyo")
OCTOBER = Period.month(2026, 10, TOKYO)
REASONS_JA = (
    "配送状況",
    "注文の変更",
    "商品について",
    "返品・交換",
    "定期便の解約",
    "領収書",
    "在庫の確認",
    "その他",
)
REASONS_EN = (
    "Delivery",
    "Change of order",
    "Product question",
    "Returns",
    "Subscription",
    "Invoice",
    "Other",
)
OPEN_HOURS = range(9, 18)
PARTS = 1_000_000
"""Added to a mail's number for that of its second question."""


def at(day: date, hour: int, minute: int = 0, second: float = 0) -> datetime:
    """A moment by Tokyo's clock, as aware UTC."""
    start = datetime(day.year, day.month, day.day, tzinfo=TOKYO)
    return (start + timedelta(hours=hour, minutes=minute, seconds=second)).astimezone(UTC)


def open_hours(period: Period) -> OpenSpans:
    """Nine to six on weekdays, from two months before to one after."""
    first = period.first - timedelta(days=62)
    days = [day for n in range(130) if (day := first + timedelta(days=n)).weekday() < 5]
    return OpenSpans.of(((at(day, 9), at(day, 18)) for day in days), (at(day, 18) for day in days))


@dataclass
class Month:
    """Draws a month of calls and mails; ``calls_a_day`` on an ordinary weekday."""

    period: Period = OCTOBER
    seed: int = 1
    calls_a_day: int = 42
    reasons: tuple[str, ...] = REASONS_JA
    terms: Terms = field(default_factory=Terms)
    in_cases: bool = False  # each mail in a case, settled by its answer; some are joined, some mails split

    def figures(self) -> MonthFigures:
        return month_figures(self.facts(), open_hours(self.period))

    def facts(self) -> MonthFacts:
        self._random, self._number = random.Random(self.seed), 0
        calls = [call for day in self.period.days for call in self._calls(day)]
        mails = [mail for day in self.period.days for mail in self._mails(day)]
        mails = _in_cases(mails) if self.in_cases else mails
        return MonthFacts(
            period=self.period,
            terms=self.terms,
            calls=calls,
            mails=mails,
            settled=[_settled(mail) for mail in mails if mail.first_reply_at],
            escalations=[self._escalation(call) for call in calls if call.escalated],
        )

    def _calls(self, day: date) -> list[PhoneFact]:
        open_today = day.weekday() < 5
        busy = {0: 1.5, 1: 1.1}.get(day.weekday(), 1.0) * self._random.uniform(0.8, 1.2)
        weights = [1, 3.2, 3.0, 1.6, 1.2, 1.8, 1.6, 1.4, 1.0]
        inside = [
            self._call(day, self._random.choices(OPEN_HOURS, weights)[0], busy)
            for _ in range(int(self.calls_a_day * busy) if open_today else 0)
        ]
        share = 0.25 if open_today else 0.4
        outside = [self._outside(day, open_today) for _ in range(int(self.calls_a_day * share * busy / 2))]
        return [*inside, *outside]

    def _call(self, day: date, hour: int, busy: float) -> PhoneFact:
        rng = self._random
        arrived = at(day, hour, rng.randrange(60), rng.randrange(60000) / 1000)
        queued = arrived + timedelta(milliseconds=rng.randrange(6000, 9000))
        crush = busy * (1.8 if hour in {10, 11} else 1.0)
        wait = timedelta(milliseconds=int(rng.expovariate(1 / (7000 * crush))) + 1500)
        self._number += 1
        if rng.random() < 0.035 * crush:
            left = queued + min(wait * 2, timedelta(seconds=150))
            return PhoneFact(
                number=self._number, arrived_at=arrived, outcome=Outcome.ABANDONED, within_hours=True,
                queued_at=queued, abandoned_at=left, ended_at=left, offers_made=1, offers_missed=1,
            )  # fmt: skip
        talk = int(rng.lognormvariate(5.1, 0.5) * 1000)
        ended = queued + wait + timedelta(milliseconds=talk)
        return PhoneFact(
            number=self._number, arrived_at=arrived, outcome=Outcome.ANSWERED, within_hours=True,
            queued_at=queued, answered_at=queued + wait, ended_at=ended, talk_ms=talk,
            hold_ms=rng.choice([0, 0, 0, 31000, 52000]), acw_ms=rng.randrange(20000, 90000),
            reason=rng.choices(self.reasons, range(len(self.reasons) * 2, 0, -2))[0],
            escalated=rng.random() < 0.018, transferred=rng.random() < 0.012,
            offers_made=1 + (rng.random() < 0.06), offers_missed=int(rng.random() < 0.05),
            name_confirmed=rng.random() < 0.994,
        )  # fmt: skip

    def _outside(self, day: date, open_today: bool) -> PhoneFact:
        rng = self._random
        hour = rng.choice([7, 8, 8, 18, 18, 19, 20, 21] if open_today else [9, 10, 10, 11, 13, 15, 17, 20])
        arrived = at(day, hour, rng.randrange(60))
        outcome = Outcome.VOICEMAIL if rng.random() < 0.3 else Outcome.OUT_OF_HOURS
        self._number += 1
        return PhoneFact(number=self._number, arrived_at=arrived, outcome=outcome, within_hours=False)

    def _mails(self, day: date) -> list[MailFact]:
        return [self._mail(day) for _ in range(self._random.randrange(4, 11) if self.calls_a_day else 0)]

    def _mail(self, day: date) -> MailFact:
        rng = self._random
        received = at(day, rng.randrange(24), rng.randrange(60))
        self._number += 1
        reply = received + timedelta(minutes=int(rng.lognormvariate(6.4, 0.9)))
        is_open = reply >= self.period.ends_at
        silent = rng.random() < 0.05
        outcome = None if is_open else Outcome.NO_ACTION if silent else Outcome.REPLIED
        return MailFact(
            number=self._number, received_at=received, outcome=outcome,
            first_reply_at=reply if outcome is Outcome.REPLIED else None,
            closed_at=None if is_open else reply,
            reason=rng.choice(self.reasons), escalated=rng.random() < 0.03,
        )  # fmt: skip

    def _escalation(self, call: PhoneFact) -> EscalationFact:
        rng, start = self._random, call.answered_at or call.arrived_at
        heard = start + timedelta(seconds=rng.randrange(20, 900))
        answer = heard + timedelta(minutes=rng.randrange(3, 600)) if rng.random() < 0.85 else None
        return EscalationFact(
            number=call.number, started_at=start, reason=call.reason,
            acknowledged_at=heard, answered_at=answer,
        )  # fmt: skip


def _settled(mail: MailFact) -> Settled:
    """Settled by its answer; of every fourth matter a third of the time was the shop's, or the shopper's."""
    took = ((mail.first_reply_at or mail.received_at) - mail.received_at) // MILLISECOND
    shop, shopper = (took // 3 if mail.number % 4 == n else 0 for n in (0, 1))
    return Settled(
        number=mail.number, at=mail.first_reply_at or mail.received_at,
        ours_ms=took - shop - shopper, shop_ms=shop, shopper_ms=shopper,
    )  # fmt: skip


def own_case(number: int) -> UUID:
    """The case that a mail of a generated month began, whatever became of it."""
    return UUID(int=number)


def _in_cases(mails: list[MailFact]) -> list[MailFact]:
    """Every fifth mail's case was joined into that of the mail before it; every seventh mail was split."""
    found: list[MailFact] = []
    for mail in mails:
        answered = (mail.first_reply_at,) if mail.first_reply_at else ()
        one = replace(mail, matter=own_case(mail.number), replies=answered, solved=answered)
        if found and mail.number % 5 == 0 and found[-1].part_of is None:
            into = found[-1]
            one = replace(one, matter=into.matter)
            if (into.received_at, into.number) < (one.received_at, one.number) or not into.opens_matter:
                one = replace(one, opens_matter=False)
            else:
                found[-1] = replace(into, opens_matter=False)
        found.append(one)
        if mail.number % 7 == 0:
            part = replace(
                mail,
                replies=answered,
                solved=answered,
                number=PARTS + mail.number,
                part_of=mail.number,
                reason="領収書",
            )
            split_at = mail.received_at + timedelta(minutes=1)
            found.append(replace(part, split_at=split_at, matter=own_case(part.number)))
    return found


def empty_month(period: Period = OCTOBER) -> MonthFigures:
    return month_figures(MonthFacts(period=period, terms=Terms()), open_hours(period))
