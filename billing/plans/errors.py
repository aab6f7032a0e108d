"""What plans and agreements refuse."""

from nanori.errors import InvalidInput, NotFound
from nanori.words import N_


class PlanNotFound(NotFound):
    message = N_("There is no such plan.")


class AgreementNotFound(NotFound):
    message = N_("There is no such agreement.")


class PlanRefused(InvalidInput):
    """A plan with something wrong in it; ``fields`` says what and where."""

    message = N_("Please check the plan.")


class AgreementRefused(InvalidInput):
    message = N_("Please check the agreement.")
