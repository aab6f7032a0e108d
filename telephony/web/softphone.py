"""How a browser speaks: a token for the carrier's own softphone, or the simulated one's lever."""

from typing import Any

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_204_NO_CONTENT
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from nanori.actors import Role
from nanori.context import Context
from nanori.errors import NotFound
from nanori.installation import Installation
from nanori.settings import Settings
from nanori.web.access import allow
from telephony.errors import SoftphoneNotSetUp
from telephony.ports import SIMULATED_PHONE
from telephony.web.forms import Form

TOKEN_SECONDS = 3600
RENEW_AFTER_SECONDS = TOKEN_SECONDS * 6 // 10
"""The page asks for the next token at 60 % of a token's life: what fails then can be tried again for long."""
MAX_TOKEN = 200
USUAL_EDGE = "tokyo"


class Softphone(Controller):
    path = "/softphone"
    opt = allow(Role.AGENT, Role.SUPERVISOR)

    @get("/token")
    async def token(
        self, context: NamedDependency[Context], installation: NamedDependency[Installation]
    ) -> dict[str, Any]:
        """A token that can dial in and never be rung: stolen, it takes no calls."""
        settings = installation.settings
        if settings.simulated:
            return {"kind": "simulated", "token": None, "edge": []}
        token = _voice_token(settings, identity(context))
        edges = [settings.twilio_edge or USUAL_EDGE, "roaming"]
        return {"kind": "twilio", "token": token, "edge": edges, "renew_after": RENEW_AFTER_SECONDS}

    @post("/connection", status_code=HTTP_204_NO_CONTENT)
    async def connect(
        self,
        request: Request[Any, Any, State],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> None:
        """Dial in through the simulated carrier."""
        form = await Form.read(request)
        if not installation.settings.simulated:
            raise NotFound
        await installation.port(SIMULATED_PHONE).connect(identity(context), form.text("leg", MAX_TOKEN))

    @post("/disconnection", status_code=HTTP_204_NO_CONTENT)
    async def disconnect(
        self, context: NamedDependency[Context], installation: NamedDependency[Installation]
    ) -> None:
        """Hang up in the simulated carrier."""
        if not installation.settings.simulated:
            raise NotFound
        await installation.port(SIMULATED_PHONE).disconnect(identity(context))


def identity(context: Context) -> str:
    """An agent's name at the carrier: no personal data."""
    return f"agent_{context.account_id.hex}"


def _voice_token(settings: Settings, who: str) -> str:
    if None in {settings.twilio_api_key, settings.twilio_api_secret, settings.twilio_app_sid}:
        raise SoftphoneNotSetUp
    token = AccessToken(
        settings.twilio_account_sid, settings.twilio_api_key, settings.twilio_api_secret,
        identity=who, ttl=TOKEN_SECONDS,
    )  # fmt: skip
    token.add_grant(VoiceGrant(outgoing_application_sid=settings.twilio_app_sid, incoming_allow=False))
    return str(token.to_jwt())
