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


class DraftsLeft(Rejected):
    """Somebody has begun an answer in the case that is to be joined."""

    message = N_("There is an unsent draft in this case. Choose what becomes of it.")


class NotToSplit(Rejected):
    message = N_("Only a mail that a person has sent can be split.")


class SubjectMissing(InvalidInput):
    message = N_("Please write what the second question is about.")


class HandsFull(Rejected):
    """The agent's profile allows no more open cases at once."""

    message = N_("You have {most} mails in hand, which is your limit. Answer or give back one first.")


class NothingToAnswer(Rejected):
    message = N_("There is no mail in this case that can be answered.")


class AnswerEmpty(InvalidInput):
    message = N_("Please write an answer.")
