"""``/demo/carrier``: play the caller, and the people at the shop's telephones, on the simulated carrier."""

import re
from typing import Any

import httpx
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import files
from nanori.actors import STAFF
from nanori.context import Context
from nanori.db import bind_all_shops
from nanori.errors import InvalidInput, NotFound, Rejected
from nanori.installation import Installation
from nanori.text import code_like
from nanori.web.access import anyone
from nanori.web.page import render, words_of
from nanori.words import N_
from nanori_app.pages.carrier_timeline import call_lines, moments
from nanori_app.pages.carrier_view import (
    brands_by_number,
    caller_view,
    names_on_lines,
    shop_cards,
    telephones,
)
from telephony.adapters.simulated_phone import SimulatorLevers
from telephony.ports import SIMULATED_PHONE
from telephony.web.forms import Form
from tenants.logo import INITIAL_TYPE, initial
from tenants.queries import first_numbers, shop_by_slug

AnyRequest = Request[Any, Any, State]
SID = re.compile(r"CA[0-9a-f]{32}")
NUMBER = re.compile(r"\+[1-9]\d{7,14}|0\d{8,10}")
"""Wider than the forms' own check: invented numbers are to be dialled from, too."""
KEYS = re.compile(r"[0-9*#]{1,20}")
DEEDS = frozenset({"digits", "hangup", "answer", "decline"})
WITHHELD = "anonymous"
LONGEST_NUMBER = 30
OPEN = anyone("a demo's simulated telephones: whoever tries it plays the caller")
EXAMPLES = ("090-0000-1001", "070-0000-3003", "050-3196-0201")
"""Numbers that no telephone has; the last one may be called back all the same."""


class CarrierSilent(Rejected):
    message = N_("The simulated telephone network does not answer. Is its process running (nanori carrier)?")
    status_code = 503


class CallUnknown(NotFound):
    message = N_("This call is not known any more: the telephone network was started anew.")


class CarrierPages(Controller):
    """Only where the carrier is simulated; outside of a demo for staff alone."""

    path = "/demo/carrier"
    opt = OPEN

    @get("/")
    async def page(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Template:
        """Choose a shop, or go on with the call that the address names."""
        await _enter(session, context, installation)
        cards = await shop_cards(session, words_of(request), context)
        return render(request, "nanori_app/carrier/page.html", cards=cards, examples=EXAMPLES)

    @get("/lines")
    async def lines(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
        call: FromQuery[str] = "",
        since: FromQuery[int] = 0,
    ) -> Template:
        """The caller's line and the shops' telephones as they are this second."""
        levers = await _enter(session, context, installation)
        words = words_of(request)
        state = (await _ask(levers, "GET", "/sim/state")).json()
        told = []
        if SID.fullmatch(call):
            told = (await _ask(levers, "GET", f"/sim/timeline?since={max(0, since)}")).json()
        names = await names_on_lines(session, state["legs"], [one for one in told if one["leg"] == call])
        mine = None
        if SID.fullmatch(call):
            leg = (await _ask(levers, "GET", f"/sim/legs/{call}")).json()
            cards = await shop_cards(session, words, context)
            mine = caller_view(leg, told, cards=cards, names=names, words=words, now=context.now)
        ringing = telephones(state["legs"], names, words)
        return render(request, "nanori_app/carrier/lines.html", mine=mine, telephones=ringing)

    @get("/timeline")
    async def timeline(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
        call: FromQuery[str] = "",
    ) -> Template:
        """Each call's webhooks, orders, keys and sounds in their order."""
        levers = await _enter(session, context, installation)
        words = words_of(request)
        legs = (await _ask(levers, "GET", "/sim/callers")).json()
        told = []
        if SID.fullmatch(call):
            told = (await _ask(levers, "GET", f"/sim/callers/{call}/story")).json()
        calls = call_lines(legs, await brands_by_number(session), words)
        return render(
            request,
            "nanori_app/carrier/timeline.html",
            calls=calls,
            call=call,
            story=moments(told, words),
        )

    @post("/calls", status_code=201)
    async def place(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> dict[str, Any]:
        """Dial a shop's number."""
        levers = await _enter(session, context, installation)
        form = await Form.read(request)
        shop = await shop_by_slug(session, form.text("shop", 40))
        number = (await first_numbers(session)).get(shop.tenant_id)
        if number is None:
            raise NotFound
        since = (await _ask(levers, "GET", "/sim/state")).json()["timeline_length"]
        asked: dict[str, object] = {"from": _caller(form), "to": number}
        leg = (await _ask(levers, "POST", "/sim/calls", asked)).json()
        return {"call": leg["sid"], "since": since}

    @post("/legs/{sid:str}/{deed:str}", status_code=204)
    async def act(
        self,
        request: AnyRequest,
        sid: FromPath[str],
        deed: FromPath[str],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> None:
        """What somebody does at a telephone."""
        levers = await _enter(session, context, installation)
        if deed not in DEEDS or not SID.fullmatch(sid):
            raise NotFound
        form = await Form.read(request)
        body: dict[str, object] = {}
        if deed == "digits":
            keys = form.text("digits", 20)
            if not KEYS.fullmatch(keys):
                raise InvalidInput({"digits": N_("Only the keys of a telephone: 0 to 9, * and #.")})
            body["digits"] = keys
        await _ask(levers, "POST", f"/sim/legs/{sid}/{deed}", body)

    @get("/logos/{slug:str}")
    async def logo(
        self,
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[bytes]:
        """A shop's logo, for whoever has not signed in."""
        await _enter(session, context, installation)
        shop = await shop_by_slug(session, slug)
        if shop.logo_file_id is None:
            raise NotFound
        file = await files.find(session, shop.tenant_id, shop.logo_file_id, room="tenants")
        if installation.files.has(shop.tenant_id, file.id):
            content, kind = installation.files.read(shop.tenant_id, file.id), file.media_type
        else:
            content, kind = initial(shop.brand_name, shop.colour), INITIAL_TYPE
        return Response(content, media_type=kind, headers={"Cache-Control": "private, max-age=600"})


async def _enter(session: AsyncSession, context: Context, installation: Installation) -> SimulatorLevers:
    """Bind every shop and hand out the levers; where this is no demo, to staff alone.

    Raises:
        NotFound: to anybody else the page does not exist.
    """
    settings = installation.settings
    levers = installation.plugged.get(SIMULATED_PHONE)
    is_for_them = settings.demo or context.may(*STAFF)
    if not settings.simulated or not is_for_them or not isinstance(levers, SimulatorLevers):
        raise NotFound
    await bind_all_shops(session)
    return levers


async def _ask(
    levers: SimulatorLevers, method: str, path: str, body: dict[str, object] | None = None
) -> httpx.Response:
    """One request to the simulated carrier.

    Raises:
        CarrierSilent: it is not there.
        CallUnknown: it knows no such call.
    """
    try:
        answer = await levers.ask(method, path, body)
    except httpx.TransportError as silence:
        raise CarrierSilent from silence
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise CallUnknown
    answer.raise_for_status()
    return answer


def _caller(form: Form) -> str:
    """The number to call from; withheld when the newcomer wants that."""
    if form.values.get("withheld"):
        return WITHHELD
    typed = code_like(form.text("from", LONGEST_NUMBER)).replace("-", "")
    if not NUMBER.fullmatch(typed):
        raise InvalidInput({"from": N_("Please give a telephone number, such as 090-0000-1001.")})
    return f"+81{typed[1:]}" if typed.startswith("0") else typed
