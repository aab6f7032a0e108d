"""What shoppers say of a settled matter: CSAT, NPS, CES (formulas: ``docs/algorithms/kpi.md``). Pure.

Those asked in the period, with the answers that are known when it is counted.
"""

from collections.abc import Sequence

from mailroom.surveys.values import SurveyKind
from reports.facts import MailFact, Period
from reports.figures import Figure, Unit, count, ratio

SATISFIED = frozenset({4, 5})
PROMOTERS = frozenset({9, 10})
DETRACTORS = frozenset(range(7))


def survey_figures(facts: Sequence[MailFact], period: Period) -> tuple[Figure, ...]:
    """Nothing for a period in which nobody was asked; of each score only what was asked for."""
    asked = asked_in(facts, period)
    if not asked:
        return ()
    answered = with_score(asked)
    kinds = {fact.survey for fact in asked}
    return (
        count("survey_asked", len(asked)),
        count("survey_answered", len(answered)),
        ratio("survey_response_rate", len(answered), len(asked)),
        *(figure for kind, figure in _scores(asked).items() if kind in kinds),
    )


def asked_in(facts: Sequence[MailFact], period: Period) -> list[MailFact]:
    """Mails whose settling answer asked, in the period."""
    return [fact for fact in facts if fact.asked_at is not None and period.contains(fact.asked_at)]


def with_score(asked: Sequence[MailFact], kind: SurveyKind | None = None) -> list[MailFact]:
    """Those that were answered; of one kind of question or of all."""
    return [fact for fact in asked if fact.score is not None and kind in (None, fact.survey)]


def _scores(asked: Sequence[MailFact]) -> dict[SurveyKind, Figure]:
    csat, nps, ces = (_given(asked, kind) for kind in (SurveyKind.CSAT, SurveyKind.NPS, SurveyKind.CES))
    promoters, detractors = (sum(score in some for score in nps) for some in (PROMOTERS, DETRACTORS))
    return {
        SurveyKind.CSAT: ratio("score_csat", sum(score in SATISFIED for score in csat), len(csat)),
        SurveyKind.NPS: Figure(
            key="score_nps", unit=Unit.POINTS, numerator=promoters - detractors, denominator=len(nps)
        ),
        SurveyKind.CES: Figure(key="score_ces", unit=Unit.MEAN, numerator=sum(ces), denominator=len(ces)),
    }


def _given(asked: Sequence[MailFact], kind: SurveyKind) -> list[int]:
    return [fact.score for fact in with_score(asked, kind) if fact.score is not None]
