"""Builds the web application. Everything is wired here, by hand, in reading order."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.plugins.htmx import HTMXPlugin
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler
from sqlalchemy.ext.asyncio import AsyncSession

from billing.desk_plan import plan_of_desk
from desks.close_gate import close_items
from desks.readiness import desk_checks
from desks.start_gate import start_items
from interactions.close_gate import case_items
from mailroom.close_gate import mail_items
from nanori.context import Context
from nanori.errors import Error
from nanori.installation import Installation
from nanori.settings import load_settings
from nanori.tally import Tally
from nanori.web.access import check_declared
from nanori.web.door import Door
from nanori.web.edge import Edge
from nanori.web.headers import add_security_headers
from nanori.web.problems import show_bug, show_error, show_http_error
from nanori.web.static import static_files
from nanori.web.stream import LiveStream
from nanori.web.templating import template_engine
from nanori.words import register_catalogues
from nanori_app.background import dispatching, urgent
from nanori_app.demo.cast import LOGINS
from nanori_app.navigation import navigation
from nanori_app.pages.agents.my_shops import MyShops
from nanori_app.pages.agents.pages import AgentPages
from nanori_app.pages.alerts import AlertPages, alarms_of
from nanori_app.pages.carrier import CarrierPages
from nanori_app.pages.desk import AgentDesk
from nanori_app.pages.floor.details import AgentDetails, CallDetails, DeskDetails
from nanori_app.pages.floor.pages import FloorPages
from nanori_app.pages.interaction import InteractionPages
from nanori_app.pages.knowledge import KnowledgeInContact, Notices
from nanori_app.pages.own_phone import AgentsPhone, MyPhone
from nanori_app.pages.portal import PortalPages
from nanori_app.pages.portal_changes import PortalChanges
from nanori_app.pages.portal_files import PortalFiles
from nanori_app.pages.season.data import SeasonData
from nanori_app.pages.season.one import SeasonPage
from nanori_app.pages.season.plans import NewSeason, SeasonList
from nanori_app.pages.season.testing import resuming
from nanori_app.pages.staffing.adherence import AdherencePage
from nanori_app.pages.staffing.forecast import ForecastPage
from nanori_app.pages.staffing.pages import StaffingPages
from nanori_app.pages.staffing.pool import PoolPage
from nanori_app.pages.staffing.shifts import ShiftPages
from nanori_app.pages.start import StartPages
from nanori_app.processes import leave_alone_what_stays
from nanori_app.rooms import PACKAGES, ROOMS
from nanori_app.wiring import connected
from reports.close_gate import report_items
from reports.start_gate import shift_items
from reports.today import RecentCounts
from scripts_talk.readiness import script_checks
from telephony.close_gate import call_items
from telephony.front_door import Doors


def build_app(installation: Installation, *, listens: bool = True, dispatches: bool = False) -> Litestar:
    """The whole application over one installation.

    Args:
        listens: take part in live news; a rehearsal in virtual time has no browsers to push to.
        dispatches: do urgent work as soon as it is announced, and what a stopped process has left; only
            for one that listens.

    Raises:
        AccessUndeclared: a handler does not say who may call it.
    """
    register_catalogues(PACKAGES)
    vendor = installation.settings.vendor_dir
    lifespan = [*([_listening] if listens else []), *([_dispatching] if dispatches else [])]
    app = Litestar(
        route_handlers=[*_pages(simulated=installation.settings.simulated), *static_files(PACKAGES, vendor)],
        dependencies={
            "session": Provide(_session, sync_to_thread=False),
            "context": Provide(_context, sync_to_thread=False),
            "installation": Provide(_installation, sync_to_thread=False),
        },
        middleware=[Edge(installation)],
        before_send=[add_security_headers],
        exception_handlers={Error: show_error, HTTPException: show_http_error, Exception: show_bug},
        template_config=TemplateConfig(instance=template_engine(PACKAGES, vendor / "icons.json")),
        plugins=[HTMXPlugin()],
        lifespan=lifespan,
        state=_state(installation),
        openapi_config=None,
        logging_config=None,
    )
    check_declared(app)
    return app


def move_in(app: Litestar, installation: Installation) -> None:
    """Let a built application serve another installation from now on, and forget the one before."""
    for one in app.middleware:
        if isinstance(one, Edge):
            one.installation = installation
    app.state = _state(installation)


@contextmanager
def borrowed_app(
    installation: Installation, *, listens: bool = False, dispatches: bool = False
) -> Generator[Litestar]:
    """The application over this installation, as if built for it (:func:`build_app`).

    Building one costs more than most plays in it: afterwards it may serve the next. No two borrow the same.
    """
    settings = installation.settings
    kind = (settings.vendor_dir, settings.simulated, listens, dispatches)
    idle = _idle.setdefault(kind, [])
    app = idle.pop() if idle else build_app(installation, listens=listens, dispatches=dispatches)
    move_in(app, installation)
    try:
        yield app
    finally:
        idle.append(app)


_idle: dict[tuple[object, ...], list[Litestar]] = {}


def create_app() -> Litestar:
    """The application by the environment's settings: the target of ``nanori serve``."""
    app = build_app(connected(load_settings()), dispatches=True)
    leave_alone_what_stays()
    return app


def _pages(*, simulated: bool) -> list[ControllerRouterHandler]:
    """The floor's pages, those made of several rooms' parts, then each room's own."""
    own: list[ControllerRouterHandler] = [
        Door, LiveStream, StartPages, AgentDesk, FloorPages, CallDetails, DeskDetails, AgentDetails,
        MyPhone, AgentsPhone, InteractionPages, AlertPages, SeasonList, NewSeason, SeasonPage, SeasonData,
        KnowledgeInContact, Notices, AgentPages, MyShops, StaffingPages, ShiftPages, PortalPages,
        PortalChanges, PortalFiles, ForecastPage, PoolPage, AdherencePage,
    ]  # fmt: skip
    telephones = [CarrierPages] if simulated else []
    return [*own, *telephones, *(page for room in ROOMS for page in room.pages)]


def _state(installation: Installation) -> State:
    """What pages find under ``request.app.state``."""
    return State(
        {
            "installation": installation,
            "nav": navigation(ROOMS),
            "alarms": alarms_of(ROOMS),
            "tally": Tally(),
            "doors": Doors(),
            "demo_accounts": LOGINS,
            "more_checks": [script_checks, desk_checks],
            "desk_facts": [plan_of_desk],
            "start_gate": [start_items, shift_items],
            "close_gate": [close_items, call_items, case_items, mail_items, report_items],
            "recent_counts": RecentCounts(),
            "borrowed_app": borrowed_app,
        }
    )


def _session(request: Request[Any, Any, State]) -> AsyncSession:
    session: AsyncSession = request.scope["state"]["session"]
    return session


def _context(request: Request[Any, Any, State]) -> Context:
    context: Context = request.scope["state"]["context"]
    return context


def _installation(request: Request[Any, Any, State]) -> Installation:
    installation: Installation = request.app.state.installation
    return installation


@asynccontextmanager
async def _listening(app: Litestar) -> AsyncGenerator[None]:
    installation: Installation = app.state.installation
    await installation.hub.start()
    try:
        yield
    finally:
        await installation.close()


@asynccontextmanager
async def _dispatching(app: Litestar) -> AsyncGenerator[None]:
    house: Installation = app.state.installation
    async with dispatching(urgent(house, ROOMS)), resuming(house, borrowed_app):
        yield
