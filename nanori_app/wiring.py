"""Plugs the world outside into an installation: carrier, simulated telephones, the way for mail to leave."""

from collections.abc import Mapping
from typing import Any

from interactions.orders.adapters.shopify import Shopify
from interactions.orders.ports import SHOPIFY
from mailroom.adapters import postman_for
from mailroom.ports import POSTMAN
from nanori.installation import Installation, Port, connect
from nanori.settings import LoginKind, Settings
from nanori.words import register_catalogues
from nanori_app.post import build_post
from nanori_app.rooms import PACKAGES
from telephony.adapters.simulated_phone import SimulatorLevers
from telephony.adapters.transport import CarrierTransport
from telephony.adapters.twilio import TwilioCarrier
from telephony.adapters.twilio_numbers import TwilioNumbers
from telephony.ports import CARRIER, NUMBERS, SIMULATED_PHONE


def connected(settings: Settings) -> Installation:
    """The installation that these settings describe. Nothing connects until it is used."""
    register_catalogues(PACKAGES)
    return connect(settings, build_post(settings.url_for(LoginKind.STAFF)), plugged=plugs(settings))


def plugs(settings: Settings) -> Mapping[Port[Any], Any]:
    """What goes into each port of the rooms."""
    carrier = _carrier(settings)
    plugged: dict[Port[Any], Any] = {
        CARRIER: carrier, NUMBERS: TwilioNumbers(carrier), POSTMAN: postman_for(settings),
        SHOPIFY: Shopify(),
    }  # fmt: skip
    if settings.simulated:
        plugged[SIMULATED_PHONE] = SimulatorLevers(settings.twilio_api_url, settings.carrier_control_key)
    return plugged


def _carrier(settings: Settings) -> TwilioCarrier:
    """Twilio, or whoever plays it at ``twilio_api_url``."""
    key = None
    if settings.twilio_api_key is not None and settings.twilio_api_secret is not None:
        key = (settings.twilio_api_key, settings.twilio_api_secret)
    return TwilioCarrier(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        key=key,
        transport=CarrierTransport(base_url=settings.twilio_api_url),
    )
