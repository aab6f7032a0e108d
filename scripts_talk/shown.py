"""One step as somebody sees it now: its words, its fields, and whether its offer may be made. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nanori.words import N_, Words
from scripts_talk.conditions import Moment
from scripts_talk.steps import CapturedField, Step, Talk
from scripts_talk.upsell import Advertisement, Verdict, gate
from scripts_talk.values import Passage, StepKind
from scripts_talk.walking import words_of

DUTIES = (
    N_("Say first: whose name you call under, your name, what is offered, and that it is an offer to buy."),
    N_("Ask whether the caller wants to hear it. After a no, offer nothing more in this call."),
    N_("When it is bought: the shop sends the document at once; it may be withdrawn for eight days."),
)  # fmt: skip
"""What the law wants of a solicitation by telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    key: str
    title: str
    kind: StepKind
    said: str  # empty where the gate is closed
    hint: str
    fields: tuple[CapturedField, ...]
    verdict: Verdict | None  # of an offer
    why: str = ""  # of the verdict, translated
    duties: Sequence[str] = ()

    @property
    def is_closed(self) -> bool:
        return self.verdict is not None and self.verdict.passage is Passage.CLOSED


def verdict_of(step: Step, papers: Sequence[Advertisement], *, was_refused: bool) -> Verdict | None:
    """What the gate says about the step's offer; None for a step that offers nothing."""
    if step.kind is not StepKind.OFFER or step.goods is None:
        return None
    return gate(step.goods, papers, was_refused=was_refused)


def shown_step(
    talk: Talk,
    key: str,
    moment: Moment,
    captured: Mapping[str, str],
    papers: Sequence[Advertisement],
    *,
    was_refused: bool,
    words: Words,
) -> StepShown | None:
    """The step with this key; None when there is none. A closed offer has neither words nor fields."""
    step = talk.step(key)
    if step is None:
        return None
    verdict = verdict_of(step, papers, was_refused=was_refused)
    is_closed = verdict is not None and verdict.passage is Passage.CLOSED
    solicits = verdict is not None and verdict.passage is Passage.AS_SOLICITATION
    return StepShown(
        key=key,
        title=step.title,
        kind=step.kind,
        said="" if is_closed else words_of(step, moment, captured),
        hint="" if is_closed else step.hint,
        fields=() if is_closed else step.fields,
        verdict=verdict,
        why=words.gettext(verdict.why) if verdict and verdict.why else "",
        duties=[words.gettext(one) for one in DUTIES] if solicits else (),
    )
