"""Refusals about quizzes."""

from nanori.errors import NotFound, Rejected
from nanori.words import N_


class QuizQuestionNotFound(NotFound):
    """No such question among the shops bound."""


class NoQuestions(Rejected):
    """Nobody has written a question yet, or all of them wait for a look."""

    message = N_("The shop's quiz has no question yet.")


class TooSoon(Rejected):
    """Just failed: ``minutes`` until the next try."""

    message = N_("Please read the articles first. The quiz opens again in {minutes} minutes.")


class NothingAsked(Rejected):
    """The quiz was answered already, or never begun."""

    message = N_("This quiz is over. Please begin a new one.")
