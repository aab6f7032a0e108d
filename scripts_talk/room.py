"""What this room plugs into the application."""

from nanori.rooms import NavItem, Room
from nanori.words import N_
from scripts_talk.policy import DECIDERS
from scripts_talk.web.approval import ScriptApprovals
from scripts_talk.web.article_writing import ArticleWriting
from scripts_talk.web.articles import EVERYBODY, ArticlePages
from scripts_talk.web.campaigns import CampaignPages
from scripts_talk.web.files import ScriptFiles
from scripts_talk.web.knowledge_rules import KnowledgeRulesPage
from scripts_talk.web.open_questions import OpenQuestions
from scripts_talk.web.preview import ScriptPreview
from scripts_talk.web.public_faq import PublicFaq
from scripts_talk.web.quiz import QuizPages
from scripts_talk.web.quiz_taking import QuizTaking
from scripts_talk.web.script import ScriptPages

ROOM = Room(
    name="scripts_talk",
    pages=[
        ScriptPages,
        ScriptFiles,
        ScriptPreview,
        CampaignPages,
        ScriptApprovals,
        ArticlePages,
        ArticleWriting,
        KnowledgeRulesPage,
        OpenQuestions,
        QuizPages,
        QuizTaking,
        PublicFaq,
    ],
    nav=[
        NavItem(N_("Knowledge"), "/knowledge", frozenset(EVERYBODY)),
        NavItem(N_("Scripts to approve"), "/scripts", frozenset(DECIDERS)),
    ],
)
