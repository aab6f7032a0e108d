"""Refusals of the tenants room."""

from nanori.errors import NotFound
from nanori.words import N_


class ShopNotFound(NotFound):
    """No such shop among the tenants bound."""

    message = N_("There is no such shop, or it is not yours to see.")
