"""Refusals of the talk script room."""

from nanori.errors import Rejected
from nanori.words import N_


class NothingToPublish(Rejected):
    """The shop's script has no draft, or its draft has no step."""

    message = N_("There is no draft to publish. Save the script first.")
