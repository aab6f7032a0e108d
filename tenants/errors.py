"""Refusals of the tenants room."""

from nanori.errors import NotFound, Rejected
from nanori.words import N_


class ShopNotFound(NotFound):
    """No such shop among the tenants bound."""

    message = N_("There is no such shop, or it is not yours to see.")


class LineIsPromised(Rejected):
    """A seasonal desk has the number or address, or will have it: its callers would reach nobody."""

    message = N_("{line} is promised to a seasonal desk. Take it out of that desk's plan first.")
