"""The simulated carrier as a process of its own, in real time: what the demo telephones over."""

import secrets
from datetime import UTC, datetime

from nanori.settings import Settings
from nanori_app.errors import Stopped
from telephony.adapters.simulator.app import serve
from telephony.adapters.simulator.endpoints import CarrierSettings, Endpoint, NumberSettings
from telephony.adapters.simulator.simulator import Simulator
from telephony.adapters.simulator.webhooks import HttpPost

HOST = "127.0.0.1"
NOBODYS_APPLICATION = "AP" + "0" * 32


class RealCarrier(Stopped):
    message = "An account at Twilio is set (NANORI_TWILIO_ACCOUNT_SID): there is no carrier to simulate."


async def serve_carrier(settings: Settings) -> None:
    """Be the carrier until a signal comes. Every number that somebody dials is taken for one of ours.

    Raises:
        RealCarrier: the settings name a real account.
    """
    if not settings.simulated:
        raise RealCarrier
    post = HttpPost()
    simulator = Simulator(
        seed=secrets.randbits(64),  # CallSids must not repeat after a restart
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        post=post,
        start=datetime.now(UTC),
        settings=_as_set_up_at_the_carrier(settings),
    )
    try:
        await serve(
            simulator, host=HOST, port=settings.carrier_port, control_key=settings.carrier_control_key
        )
    finally:
        await post.close()


def _as_set_up_at_the_carrier(settings: Settings) -> CarrierSettings:
    """What an operator would enter in Twilio's console: where calls to our numbers and from browsers go."""
    ours = NumberSettings(
        voice_url=f"{settings.public_url}/tw/in", status_callback=f"{settings.public_url}/tw/cb/call"
    )
    return CarrierSettings(
        app_url=f"{settings.public_url}/tw/app",
        application_sid=settings.twilio_app_sid or NOBODYS_APPLICATION,
        any_number=ours,
        usual_endpoint=Endpoint(behaviour="manual"),  # rings until somebody answers at /demo/carrier
    )
