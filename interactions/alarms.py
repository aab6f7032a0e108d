"""What an operator must act on about shops' own systems."""

from nanori.alerts import Alarm
from nanori.words import N_

SHOPIFY_REFUSED = Alarm(
    name="shopify_refused",
    title=N_("A shop's Shopify lets us read no orders any more"),
    advice=N_("The shop's page of orders says why. Until then agents see what was read before."),
    where="/orders/{shop}",
)
SHOPIFY_UNCLEAR = Alarm(
    name="shopify_unclear",
    title=N_("Shopify answers something unexpected"),
    advice=N_("Our pinned version of its interface may have run out: compare it with Shopify's changes."),
    where="/orders/{shop}",
)
ALARMS = (SHOPIFY_REFUSED, SHOPIFY_UNCLEAR)
