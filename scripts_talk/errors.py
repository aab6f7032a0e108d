"""Refusals of the talk script room."""

from nanori.errors import NotFound, Rejected
from nanori.words import N_


class NothingToPublish(Rejected):
    """No version of the shop's script is approved."""

    message = N_("No version is approved. Ask the shop for its approval first.")


class NothingToSubmit(Rejected):
    """The shop's script has no draft, or its draft has no step."""

    message = N_("There is no draft to submit. Write the script first.")


class NothingToDecide(NotFound):
    """No version with this id waits for the shop's answer."""

    message = N_("This version does not wait for an answer any more.")


class WhyIsMissing(Rejected):
    message = N_("Please write down why, so that the wording can be corrected.")


class WhoIsMissing(Rejected):
    message = N_("Please write down who of the shop approved it, and how.")


class LockedWords(Rejected):
    """A cancellation's words are new or changed: only the shop itself may approve them."""

    message = N_(
        "The words of a cancellation have changed. Only the shop itself can approve them, in its portal."
    )


class ChangedMeanwhile(Rejected):
    """Somebody else has saved the draft since this page was opened."""

    message = N_("Somebody else has saved this draft meanwhile. What you typed is kept on this page only.")


class NoSuchScript(NotFound):
    """The shop has no script with this id."""

    message = N_("There is no such talk script.")
