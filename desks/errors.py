"""Everything that can be refused at the desks."""

from nanori.errors import NotFound, Rejected
from nanori.words import N_


class OfferNotFound(NotFound):
    """No such offer among the shops bound, or it was made to somebody else."""


class OfferGone(Rejected):
    message = N_("This call has already gone to somebody else, or the caller has hung up.")


class WrongShopShown(Rejected):
    """The accepting page showed another call, another shop, or words that are not in force."""

    message = N_(
        "The page showed another call. It has been brought up to date; look at the name and try again."
    )


class AnotherTab(Rejected):
    message = N_("You are working in another tab. Calls ring there.")


class OnTheCall(Rejected):
    message = N_("You are on a call. The mail waits until it is over.")


class StillBusy(Rejected):
    message = N_("Finish the call or its after-call work first.")


class DeskNotFound(NotFound):
    """No such desk among the shops bound."""


class AgentUnknown(Rejected):
    """No account of an agent, or one that has been shut."""

    status_code = 422
    message = N_("Please choose an agent from the list.")


class AgentNotFound(NotFound):
    """No account of an agent."""


class AgentIsBusy(Rejected):
    message = N_("This agent has a call or its after-call work in hand. Please wait until it is done.")


class AgentNotThere(Rejected):
    message = N_("This agent's page is not open, so no call can ring there. Only they can take calls again.")


class MoveNotAllowed(Rejected):
    """A desk cannot go from the state it is in to the one asked for."""

    message = N_("The desk has changed meanwhile, and this is no longer possible.")


class GateShut(Rejected):
    """Something that a gate asks for is missing, and nobody who may has said why it should be passed."""

    status_code = 422
    message = N_("Something is still missing. An operator may go on all the same, with a reason in writing.")


class SeasonIsNotOver(Rejected):
    message = N_("The season is not over yet: its data is still needed.")


class SeasonNotFound(NotFound):
    """No such seasonal desk among the shops bound."""
