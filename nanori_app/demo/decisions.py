"""One shop of the demo decides about some mails itself: what it was asked, when, and what it said."""

import random
from datetime import datetime, timedelta
from typing import Final

from interactions.questions.values import MoveKind, QuestionState, Verdict
from interactions.values import EventKind
from nanori.actors import ActorKind
from nanori_app.demo.archive import Archive, Row
from nanori_app.demo.past import Decision, Past, seconds, uuid7_at
from nanori_app.demo.shops import ZONE

DECIDING: Final = "minato-coffee"
DECIDES: Final = 0.06
KNOWN_AFTER: Final = timedelta(days=4)
"""What is younger may still be with the shop: such a mail of the past is not put to it."""
WORDS: Final = (
    ("返金", "破損した1袋分のご返金をご希望です。", 1980, "ご返金ください。"),
    ("返品", "未開封の豆2袋の返品をご希望です。送料はどちらの負担にしますか。", 3960, "当店負担で承ります。"),
    ("お届け日", "発送の準備後ですが、お届け日を3日延ばせますか。", None, "倉庫で止めました。延ばせます。"),
    ("代替品", "在庫切れの商品の代わりに別の焙煎度をお送りしてよいですか。", None, "同額なら結構です。"),
)


def put_to_the_shop(past: Past, at: datetime, agent: int) -> Decision | None:
    """Ask, at that moment, if this mail is one of those that the shop decides about."""
    dice = random.Random(f"{past.shop} {past.at} decision")  # noqa: S311 - repeatable on purpose
    if past.shop != DECIDING or past.thread is not None or dice.random() >= DECIDES:
        return None
    subject, text, yen, answer = dice.choice(WORDS)
    seen_at = at + seconds(dice.lognormvariate(7.2, 0.6))
    said_at = seen_at + seconds(dice.lognormvariate(8.4, 0.9))
    asked = Decision(
        id=uuid7_at(at, dice), subject=subject, text=text, yen=yen, answer=answer,
        asked_at=at, seen_at=seen_at, said_at=said_at,
    )  # fmt: skip
    question = str(asked.id)
    past.add(EventKind.ESCALATED, at, ActorKind.AGENT, agent, question=question)
    past.add(EventKind.ESCALATION_ACKNOWLEDGED, seen_at, ActorKind.MERCHANT, question=question)
    past.add(EventKind.CLIENT_ANSWERED, said_at, ActorKind.MERCHANT, question=question)
    return asked


def file_decision(archive: Archive, row: Row, asked: Decision) -> None:
    """The question as it stands once the shopper has been answered, and whose turn it was until then."""
    closed_at: datetime = row["first_reply_at"]
    archive.keep(
        "shop_question", id=asked.id, interaction_id=row["id"], number=row["number"], subject=asked.subject,
        amount_yen=asked.yen, text=asked.text, state=QuestionState.CLOSED, verdict=Verdict.APPROVED,
        answer=asked.answer, asked_at=asked.asked_at, closed_at=closed_at, due_at=None, exhausted_at=None,
        plan={"zone": ZONE.key, "steps": [], "duty": []},
    )  # fmt: skip
    moves = (
        (MoveKind.ASKED, asked.asked_at, ActorKind.AGENT),
        (MoveKind.ACKNOWLEDGED, asked.seen_at, ActorKind.MERCHANT),
        (MoveKind.ANSWERED, asked.said_at, ActorKind.MERCHANT),
        (MoveKind.CLOSED, closed_at, ActorKind.AGENT),
    )
    for seq, (kind, at, by) in enumerate(moves, start=1):
        archive.keep(
            "question_move", id=archive.new_id(at), question_id=asked.id, seq=seq, kind=kind, at=at,
            actor_kind=by, logged=True,
        )  # fmt: skip
