"""How much of a bare route's speed is left when a webhook does all that it must.

Both sides check the carrier's signature, write one row, commit and answer a document, in one process over the
same database. Ours also finds the shop, binds it, logs the call with its events and recognises the shopper.

    python -m benchmarks.webhook [--calls 400]

Prints requests per second of each and their ratio; the promise is at least 0.5.
"""

import argparse
import asyncio
import base64
import hashlib
import hmac
import time
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import httpx
from litestar import Litestar, Request, Response, post
from litestar.datastructures import State
from sqlalchemy import text
from twilio.request_validator import RequestValidator

from nanori.installation import Installation
from nanori.settings import Settings, load_settings
from nanori_app.asgi import build_app
from nanori_app.cluster import database_of
from nanori_app.rehearse.house import installation, throw_away
from nanori_app.rehearse.setting import set_up_shops
from nanori_app.rehearse.shops import invented_shops
from telephony import twiml

MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
ROUNDS, AT_ONCE = 3, 8
NOTE = text("INSERT INTO directory (kind, key, shop_id) VALUES ('call', :key, :shop) ON CONFLICT DO NOTHING")


def bare_app(house: Installation) -> Litestar:
    """The least that an honest webhook does."""
    validator = RequestValidator(house.settings.twilio_auth_token)

    @post("/tw/in")
    async def ring(request: Request[Any, Any, State]) -> Response[str]:
        form = await request.form()
        url = f"{house.settings.public_url}/tw/in"
        if not validator.validate(url, form, request.headers["x-twilio-signature"]):
            return Response("", status_code=403)
        async with house.staff.begin() as session:
            await session.execute(NOTE, {"key": str(form["CallSid"]), "shop": uuid4()})
        return Response(twiml.hang_up(), media_type="text/xml")

    return Litestar([ring], openapi_config=None)


async def per_second(app: Litestar, settings: Settings, number: str, calls: int) -> float:
    """Ring ``calls`` times, ``AT_ONCE`` at a time, after a little warming up."""
    transport = httpx.ASGITransport(cast("Any", app))
    gate = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as client:

        async def one() -> None:
            async with gate:
                await ring(client, settings, number)

        await asyncio.gather(*(one() for _ in range(AT_ONCE)))
        started = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(calls)))
        return calls / (time.perf_counter() - started)


async def ring(client: httpx.AsyncClient, settings: Settings, number: str) -> None:
    """One signed webhook of a new call."""
    form = {
        "AccountSid": settings.twilio_account_sid, "CallSid": f"CA{uuid4().hex}", "From": "+819011112222",
        "To": number, "CallStatus": "ringing", "Direction": "inbound",
    }  # fmt: skip
    signed = f"{settings.public_url}/tw/in" + "".join(name + form[name] for name in sorted(form))
    seal = hmac.digest(settings.twilio_auth_token.encode(), signed.encode(), hashlib.sha1)
    headers = {"X-Twilio-Signature": base64.b64encode(seal).decode()}
    answer = await client.post("/tw/in", data=form, headers=headers)
    assert answer.status_code in {200, 201}, answer.status_code


async def measure(settings: Settings, calls: int) -> None:
    async with installation(settings, MORNING) as house:
        (shop,) = await set_up_shops(house, invented_shops(1), now=MORNING)
        numbers = shop.setup.numbers
        ours, bare = build_app(house, listens=False), bare_app(house)
        for round_number in range(1, ROUNDS + 1):
            floor = await per_second(bare, settings, numbers[0], calls)
            full = await per_second(ours, settings, numbers[0], calls)
            print(f"round {round_number}: bare {floor:.0f}/s, ours {full:.0f}/s, ratio {full / floor:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=400)
    calls = parser.parse_args().calls
    with database_of(load_settings()) as settings, throw_away(settings) as mine:
        asyncio.run(measure(mine, calls))


if __name__ == "__main__":
    main()
