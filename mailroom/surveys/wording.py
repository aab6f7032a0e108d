"""What a shopper reads: the proposed question, the ends of its scale, the line in the mail. Msgids."""

from mailroom.surveys.values import SurveyKind
from nanori.words import N_

NAMES: dict[SurveyKind, str] = {
    SurveyKind.CSAT: N_("Satisfaction (CSAT), 1 to 5"),
    SurveyKind.NPS: N_("Recommendation (NPS), 0 to 10"),
    SurveyKind.CES: N_("Ease (CES), 1 to 7"),
}
SHORT: dict[SurveyKind, str] = {
    SurveyKind.CSAT: N_("CSAT"),
    SurveyKind.NPS: N_("NPS"),
    SurveyKind.CES: N_("CES"),
}
QUESTIONS: dict[SurveyKind, str] = {
    SurveyKind.CSAT: N_("How satisfied are you with our answer?"),
    SurveyKind.NPS: N_("How likely are you to recommend our shop to friends or family?"),
    SurveyKind.CES: N_("How easy was it to get your question settled?"),
}
ENDS: dict[SurveyKind, tuple[str, str]] = {
    SurveyKind.CSAT: (N_("Very dissatisfied"), N_("Very satisfied")),
    SurveyKind.NPS: (N_("Not at all likely"), N_("Extremely likely")),
    SurveyKind.CES: (N_("Very difficult"), N_("Very easy")),
}
INVITATION = N_("How did we do? One question (this link works for {days} days):")
