"""Everything that mailroom plugs into the application."""

from mailroom.notices import write_to_shop
from mailroom.policy import READERS
from mailroom.receiving import file_left_over
from mailroom.web.cases import CasePages
from mailroom.web.feedback import FeedbackPages
from mailroom.web.joining import JoiningPages
from mailroom.web.keeping import KeepingPages
from mailroom.web.sent import SentPages
from mailroom.web.survey_settings import SurveySettings
from mailroom.web.writing import WritingPages
from mailroom.worker import send_due_mail
from nanori.rooms import NavItem, Room
from nanori.words import N_

ROOM = Room(
    name="mailroom",
    pages=(CasePages, WritingPages, JoiningPages, KeepingPages, SentPages, SurveySettings, FeedbackPages),
    handlers=(write_to_shop,),
    ticks=(send_due_mail, file_left_over),
    nav=(NavItem(N_("Mail"), "/mail", frozenset(READERS)),),
)
