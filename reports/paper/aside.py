"""Sentences and rows of what stands beside the figures: the shop's voice, both clocks, what was learnt."""

from dataclasses import dataclass
from datetime import timedelta

from nanori.words import DASH, N_
from reports.beside import Beside, Clock, NewArticle, NewQuestion, SeasonSpan
from reports.facts import MILLISECOND, EscalationFact
from reports.figures import SMALL
from reports.paper.sentences import Story
from reports.paper.tables import Line

SHOWN_ESCALATIONS = 20
SHOWN_QUESTIONS = 12
SHOWN_ARTICLES = 8


@dataclass(frozen=True, slots=True)
class Aside:
    """The same month told beside its figures, in the language of the story."""

    story: Story
    beside: Beside

    def voice(self) -> tuple[str, ...]:
        """What people came with more often and less often than the month before, by counts."""
        words = self.story.wording.words
        shifts = self._shifts()
        if not shifts:
            return ()
        said = []
        for reason, now, was in (max(shifts, key=_growth), min(shifts, key=_growth)):
            if now == was:
                continue
            numbers = {"reason": reason, "was": words.number(was), "now": words.number(now)}
            if now > was:
                said.append(words.gettext("“{reason}” rose most: from {was} to {now} contacts.", **numbers))
            else:
                said.append(
                    words.ngettext(
                        "“{reason}” fell most: from {was} to {now} contact.",
                        "“{reason}” fell most: from {was} to {now} contacts.",
                        now,
                        **numbers,
                    )
                )
        return tuple(dict.fromkeys(said))

    def clocks(self) -> str:
        """How long matters lay on each side, all together."""
        words, clocks = self.story.wording.words, self.beside.clocks
        if not clocks:
            return ""
        return words.ngettext(
            "One matter waited for your word: it lay {shop} with you and {desk} with us.",
            "{n} matters waited for your word: together they lay {shop} with you and {desk} with us.",
            len(clocks),
            shop=self._length(sum((one.with_shop for one in clocks), timedelta())),
            desk=self._length(sum((one.with_desk for one in clocks), timedelta())),
        )

    def escalations(self) -> tuple[Line, ...]:
        """When, number, reason, acknowledged, answered, and how long on either side."""
        by_number = {one.number: one for one in self.beside.clocks}
        return tuple(
            self._escalation(row, by_number.get(row.number))
            for row in self.story.month.escalations[:SHOWN_ESCALATIONS]
        )

    def learnt(self) -> str:
        """The knowledge that goes back to the shop, in one sentence."""
        words, asked = self.story.wording.words, self.beside.questions
        answered = sum(bool(one.answer) for one in asked)
        if not asked:
            return words.gettext("No question stayed without an answer in what we know about you.")
        return words.ngettext(
            "Shoppers asked one thing that we had no answer for; answered by now: {answered}.",
            "Shoppers asked {n} things that we had no answer for; answered by now: {answered}.",
            len(asked),
            answered=words.number(answered),
        )

    def questions(self) -> tuple[Line, ...]:
        return tuple(map(self._question, self.beside.questions[:SHOWN_QUESTIONS]))

    def articles(self) -> tuple[Line, ...]:
        return tuple(map(self._article, self.beside.articles[:SHOWN_ARTICLES]))

    def used(self) -> tuple[Line, ...]:
        words = self.story.wording.words
        return tuple(Line((one.title, words.number(one.contacts))) for one in self.beside.used)

    def seasons(self) -> tuple[Line, ...]:
        return tuple(map(self._season, self.beside.seasons))

    def right_name(self) -> str:
        words, figure = self.story.wording.words, self.story.month.figure("greeting_accuracy")
        if not figure.denominator:
            return words.gettext("No call was answered, so no name was said.")
        return words.ngettext(
            "In {part} of {base} answered call the agent had your name on the screen and confirmed it; "
            "without that confirmation: {other}.",
            "In {part} of {base} answered calls the agent had your name on the screen and confirmed it; "
            "without that confirmation: {other}.",
            figure.denominator,
            part=words.number(figure.numerator),
            base=words.number(figure.denominator),
            other=words.number(figure.denominator - figure.numerator),
        )

    def checked(self) -> str:
        """How many calls were checked, and what so few tell."""
        words, figure = self.story.wording.words, self.story.month.figure("calls_checked")
        said = words.ngettext(
            "A supervisor checked {n} call of this month by a form.",
            "Supervisors checked {n} calls of this month by a form.",
            figure.numerator,
        )
        if not figure.is_small:
            return said
        few = words.gettext("With fewer than {n} the shares say little.", n=words.number(SMALL))
        return f"{said}{'' if words.locale == 'ja' else ' '}{few}"

    def pool(self) -> str:
        share, words = self.beside.pool, self.story.wording.words
        if share is None:
            return words.gettext(
                "There are too few calls, or no other shop, to say what sharing agents saves."
            )
        return words.ngettext(
            "By your calls alone, a mean weekday takes {alone} seats kept for an hour, {most} of them in the "
            "busiest hour. Sharing agents with one other shop saves {saved} of them.",
            "By your calls alone, a mean weekday takes {alone} seats kept for an hour, {most} of them in the "
            "busiest hour. Sharing agents with {others} other shops saves {saved} of them.",
            share.shops - 1,
            alone=words.number(share.alone),
            most=words.number(share.most_at_once),
            others=words.number(share.shops - 1),
            saved=words.number(share.saved.numerator / share.saved.denominator, 1),
        )

    def _shifts(self) -> list[tuple[str, int, int]]:
        """Reason, contacts now and before; of reasons frequent enough in one of the months."""
        if self.story.before is None:
            return []
        now = {row.reason: row.contacts for row in self.story.month.reasons if row.reason}
        was = {row.reason: row.contacts for row in self.story.before.reasons if row.reason}
        both = [
            (reason, now.get(reason, 0), was.get(reason, 0)) for reason in sorted(now.keys() | was.keys())
        ]
        return [one for one in both if max(one[1:]) >= SMALL]

    def _escalation(self, row: EscalationFact, clock: Clock | None) -> Line:
        words, zone = self.story.wording.words, self.story.month.period.zone
        answered = [row.acknowledged_at, row.answered_at]
        return Line(
            (
                f"{words.day(row.started_at, zone)} {words.time(row.started_at, zone)}",
                f"#{row.number}",
                row.reason or words.gettext("No reason noted"),
                *(DASH if at is None else self._length(at - row.started_at) for at in answered),
                self._length(clock.with_shop) if clock else DASH,
                self._length(clock.with_desk) if clock else DASH,
            )
        )

    def _question(self, one: NewQuestion) -> Line:
        words = self.story.wording.words
        answer = one.answer or words.gettext("still without an answer")
        return Line((one.asked, words.number(one.times), answer), is_quiet=not one.answer)

    def _article(self, one: NewArticle) -> Line:
        words = self.story.wording.words
        kind = N_("new answer") if one.is_first else N_("new wording")
        place = N_("on your public page") if one.is_public else N_("for our agents")
        return Line((one.title, words.day(one.on), words.gettext(kind), words.gettext(place)))

    def _season(self, one: SeasonSpan) -> Line:
        words = self.story.wording.words
        month = self.story.month.period
        open_days = sum(one.opens_on <= day <= one.closes_on for day in month.days)
        return Line(
            (
                one.desk,
                f"{words.date(one.opens_on)} – {words.date(one.closes_on)}",
                words.number(open_days),
                words.number(one.calls),
                words.number(one.mails),
            )
        )

    def _length(self, length: timedelta) -> str:
        return self.story.wording.duration(length // MILLISECOND)


def _growth(shift: tuple[str, int, int]) -> tuple[int, str]:
    reason, now, was = shift
    return now - was, reason
