"""Refusals at the edge."""

from nanori.errors import Error, Forbidden
from nanori.words import N_


class SignInFirst(Error):  # noqa: N818 - named for the fact
    """Nobody is signed in: a page sends the reader to the door, a fragment answers 401."""

    status_code = 401
    message = N_("Please sign in first.")


class ForeignRequest(Forbidden):
    """An unsafe request that did not come from one of our own pages."""

    message = N_("This request did not come from a page of Nanori. Reload the page and try again.")
