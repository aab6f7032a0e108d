"""One shop of the demo has its shoppers asked; some of them answer, a few in words."""

import random
from datetime import datetime, timedelta
from typing import Final

from interactions.values import EventKind, Outcome
from mailroom.surveys.values import NOT_AGAIN_FOR, SurveyKind
from nanori.actors import ActorKind
from nanori_app.demo.archive import Archive, Row
from nanori_app.demo.past import Past, Person

ASKING: Final = "minato-coffee"
KIND: Final = SurveyKind.CSAT
QUESTION: Final = "今回の対応にどのくらいご満足いただけましたか。"
ANSWERS: Final = 0.4
SAYS_MORE: Final = 0.45
SCORES: Final = (5, 5, 5, 5, 4, 4, 4, 3, 2, 1)
WORDS: Final = {
    5: (
        "すぐにお返事をいただき、助かりました。",
        "とても丁寧なご案内でした。また利用します。",
        "迷っていたので安心しました。",
    ),
    4: ("よくわかりました。ありがとうございます。", "もう少し早いとうれしいです。"),
    3: ("解決はしましたが、同じことを二度書きました。",),
    2: ("返事まで一日かかりました。",),
    1: ("欲しかった答えではありませんでした。",),
}


class Surveys:
    """Asks the shoppers of one shop's past, each matter and each person as rarely as live ones."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._asked: dict[Person, datetime] = {}

    def file(self, past: Past, row: Row, message: Row) -> None:
        """What became of the mail that answered ``past``."""
        person, at = past.person, past.last_at
        if self._archive.part.slug != ASKING or past.outcome is not Outcome.REPLIED:
            return
        if person is None or past.thread is not None or self._is_left_alone(person, at):
            return
        self._asked[person] = at
        dice = random.Random(f"{row['number']} survey")  # noqa: S311 - repeatable on purpose
        seq = len(past.happenings) + 1
        self._event(row, seq, EventKind.SURVEY_ASKED, at, ActorKind.AGENT, survey=KIND.value)
        answered_at = at + timedelta(hours=dice.uniform(0.5, 50))
        survey = self._archive.keep(
            "survey", id=self._archive.new_id(at), interaction_id=row["id"], number=row["number"],
            message_id=message["id"], kind=KIND, question=QUESTION, asked_at=at, score=None, comment="",
            answered_at=None,
        )  # fmt: skip
        if dice.random() < ANSWERS and answered_at <= self._archive.now:
            score = dice.choice(SCORES)
            words = dice.choice(WORDS[score]) if dice.random() < SAYS_MORE else ""
            survey |= {"score": score, "comment": words, "answered_at": answered_at}
            told = {"survey": KIND.value, "score": score}
            self._event(row, seq + 1, EventKind.SURVEY_ANSWERED, answered_at, ActorKind.SHOPPER, **told)

    def _is_left_alone(self, person: Person, at: datetime) -> bool:
        last = self._asked.get(person)
        return last is not None and at - last < NOT_AGAIN_FOR

    def _event(
        self, row: Row, seq: int, kind: EventKind, at: datetime, doer: ActorKind, **data: object
    ) -> None:
        self._archive.keep(
            "interaction_event", id=self._archive.new_id(at), interaction_id=row["id"], seq=seq, kind=kind,
            at=at, actor_kind=doer, actor_id=row["agent_id"] if doer is ActorKind.AGENT else None, data=data,
        )  # fmt: skip
