"""Everything that can be refused in the mailroom."""

from nanori.errors import InvalidInput, NotFound, Rejected
from nanori.words import N_


class AttachmentNotFound(NotFound):
    """No such file of a mail among the shops bound."""


class RawNotFound(NotFound):
    """No such stored mail among the shops bound."""


class CaseMovedOn(Rejected):
    message = N_("Something new has happened in this case. Please read it before you answer.")


class CaseTaken(Rejected):
    message = N_("{name} is answering this case.")


class HandsFull(Rejected):
    """The agent's profile allows no more open cases at once."""

    message = N_("You have {most} mails in hand, which is your limit. Answer or give back one first.")


class NothingToAnswer(Rejected):
    message = N_("There is no mail in this case that can be answered.")


class AnswerEmpty(InvalidInput):
    message = N_("Please write an answer.")
