"""Refusals about knowledge."""

from nanori.errors import NotFound, Rejected
from nanori.words import N_


class ArticleNotFound(NotFound):
    """No such article among the shops bound."""


class NothingWritten(Rejected):
    """The article has no draft, or one that was not submitted."""

    message = N_("There is no draft of this article. Write one first.")


class NotApproved(Rejected):
    """The shop wants to approve what is said in its name, and has not done so yet."""

    message = N_("The shop has not approved this version yet.")


class QuestionNotFound(NotFound):
    """No such open question among the shops bound."""
