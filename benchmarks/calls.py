"""What a call costs: the ring webhook beside a bare route, accepting a call, and news to a browser.

    python -m benchmarks.calls [--calls 300] [--accepts 30] [--news 100]

The bare route checks the same signature, writes one row, commits and answers a document; ours also finds the
shop, recognises the shopper, logs the call with its number and first event, and keeps the answer for repeats.
Both run in this process over the same database and are asked in turn: their ratio matters (goal: 0.5).
"""

import argparse
import asyncio
import base64
import hashlib
import hmac
import logging
import os
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import httpx
import structlog
from litestar import Litestar, Request, Response, post
from litestar.datastructures import State
from sqlalchemy import text
from twilio.request_validator import RequestValidator

from benchmarks.accepting import accept_times
from benchmarks.news import news_times
from nanori.installation import Installation
from nanori.settings import Settings, load_settings
from nanori_app.asgi import build_app
from nanori_app.cluster import database_of
from nanori_app.processes import leave_alone_what_stays
from nanori_app.rehearse.house import installation, throw_away
from nanori_app.rehearse.setting import set_up_shops
from nanori_app.rehearse.shops import invented_shops
from telephony import twiml

MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
ROUNDS, AT_ONCE = 5, 8
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


class Phone:
    """Somebody who rings numbers of ours, as the carrier reports it."""

    def __init__(self, app: Litestar, settings: Settings) -> None:
        transport = httpx.ASGITransport(cast("Any", app))
        self._client = httpx.AsyncClient(transport=transport, base_url=settings.public_url)
        self._settings = settings

    async def ring(self, number: str) -> float:
        """One signed webhook of a new call; how long its answer took, in milliseconds."""
        form = {
            "AccountSid": self._settings.twilio_account_sid, "CallSid": f"CA{uuid4().hex}",
            "From": "+819011112222", "To": number, "CallStatus": "ringing", "Direction": "inbound",
        }  # fmt: skip
        signed = f"{self._settings.public_url}/tw/in" + "".join(name + form[name] for name in sorted(form))
        seal = hmac.digest(self._settings.twilio_auth_token.encode(), signed.encode(), hashlib.sha1)
        headers = {"X-Twilio-Signature": base64.b64encode(seal).decode()}
        started = time.perf_counter()
        answer = await self._client.post("/tw/in", data=form, headers=headers)
        assert answer.status_code in {200, 201}, answer.status_code
        return (time.perf_counter() - started) * 1000


async def per_second(phone: Phone, numbers: Sequence[str], calls: int) -> float:
    """Ring ``calls`` times, ``AT_ONCE`` at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: str) -> None:
        async with gate:
            await phone.ring(number)

    started = time.perf_counter()
    await asyncio.gather(*(one(numbers[each % len(numbers)]) for each in range(calls)))
    return calls / (time.perf_counter() - started)


async def at_half_load(phone: Phone, numbers: Sequence[str], calls: int, rate: float) -> list[float]:
    """Milliseconds of rings that come evenly, half as many in a second as could be answered."""
    tasks = []
    for each in range(calls):
        tasks.append(asyncio.create_task(phone.ring(numbers[each % len(numbers)])))
        await asyncio.sleep(2 / rate)
    return list(await asyncio.gather(*tasks))


async def measure_rings(settings: Settings, calls: int) -> None:
    async with installation(settings, MORNING) as house:
        staged = await set_up_shops(house, invented_shops(20), now=MORNING)
        many = [shop.setup.numbers[0] for shop in staged]
        ours, bare = Phone(build_app(house, listens=False), settings), Phone(bare_app(house), settings)
        for phone in (bare, ours):
            await per_second(phone, many, 60)
        leave_alone_what_stays()
        for name, numbers in (("20 shops", many), ("one shop", many[:1])):
            rounds = [
                (await per_second(bare, numbers, calls), await per_second(ours, numbers, calls))
                for _ in range(ROUNDS)
            ]
            ratios = sorted(full / floor for floor, full in rounds)
            best = max(full for _, full in rounds)
            print(
                f"ring, {name}: bare {max(floor for floor, _ in rounds):.0f}/s, ours {best:.0f}/s;"
                f" ratio median {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
            )
        told(f"ring at half load ({best / 2:.0f}/s)", await at_half_load(ours, many, calls, best))


def told(name: str, milliseconds: Sequence[float]) -> None:
    ordered = sorted(milliseconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{name}: p50 {statistics.median(ordered):.1f} ms, p99 {p99:.1f} ms (n={len(ordered)})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--accepts", type=int, default=100)
    parser.add_argument("--news", type=int, default=100)
    asked = parser.parse_args()
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with database_of(load_settings()) as settings:
        with throw_away(settings) as mine:
            asyncio.run(measure_rings(mine, asked.calls))
        with throw_away(settings) as mine:
            told(
                "accept to REST dequeue, our own time",
                asyncio.run(accept_times(mine, asked.accepts)),
            )
        with throw_away(settings) as mine:
            for name, times in asyncio.run(news_times(mine, asked.news)).items():
                told(f"commit to browser, {name} web process", times)


if __name__ == "__main__":
    main()
