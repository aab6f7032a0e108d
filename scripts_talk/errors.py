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


class NotReadOut(Rejected):
    """The talk would go past a cancellation whose words were not read out."""

    message = N_("Read the cancellation out word by word first, and confirm it. Then the talk goes on.")


class NoSuchScript(NotFound):
    """The shop has no script with this id."""

    message = N_("There is no such talk script.")


class NoSuchCampaign(NotFound):
    """The shop has no campaign with this id."""

    message = N_("There is no such campaign.")


class CampaignIsUsed(Rejected):
    """Calls keep what it showed, so it cannot be taken away."""

    message = N_("Shoppers have called because of this campaign; their calls refer to it. End it instead.")
