"""``/alerts``: what operators must act on, pushed as it comes, and what has been seen to lately."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import alerts, audit
from nanori.actors import Role
from nanori.alerts import Alarm, Alert
from nanori.context import Context
from nanori.identity.queries import names_of
from nanori.rooms import Room
from nanori.web.access import allow
from nanori.web.page import go, render
from nanori.words import N_, Words, words_for
from tenants import queries as shops
from tenants.models import Tenant

AnyRequest = Request[Any, Any, State]
READERS = (Role.SUPERVISOR, Role.OPERATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """One alert in the reader's words."""

    id: UUID
    title: str
    advice: str
    where: str  # the page to act on; empty when there is none
    shop: str
    why: str  # a sentence
    detail: str  # a code
    is_grave: bool
    times: int
    first: str
    last: str
    ago: str
    cleared: str  # who saw to it, and when


class AlertPages(Controller):
    path = "/alerts"

    @get("/", opt=allow(*READERS))
    async def list_alerts(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """Everything open, what loses calls first; as a fragment when the page reads itself again."""
        is_fragment = request.headers.get("hx-request") == "true"
        template = "nanori_app/alerts/_list.html" if is_fragment else "nanori_app/alerts/page.html"
        alarms: Mapping[str, Alarm] = request.app.state.alarms
        waiting = await alerts.open_alerts(session)
        done = await alerts.cleared_alerts(session, now=context.now)
        reader = _Reader(
            alarms=alarms,
            shops={shop.tenant_id: shop for shop in await shops.shops(session)},
            names=await names_of(session, [one.cleared_by for one in done if one.cleared_by]),
            words=words_for(context.locale),
            context=context,
        )
        lines = sorted((reader.line(one) for one in waiting), key=lambda line: not line.is_grave)
        return render(request, template, waiting=lines, done=[reader.line(one) for one in done])

    @get("/count", opt=allow(*READERS))
    async def count(self, request: AnyRequest) -> dict[str, int]:
        """The figure beside the navigation's entry."""
        return {"count": request.scope["state"]["open_alerts"]}

    @post("/{alert_id:uuid}/clearing", opt=allow(*READERS))
    async def clear(
        self,
        request: AnyRequest,
        alert_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Somebody has seen to it. The same cause, met again, raises a new alert."""
        alert = await alerts.clear_alert(session, alert_id, by=context.account_id, now=context.now)
        await audit.record(
            session,
            context,
            "alert.cleared",
            shop_id=alert.shop_id,
            subject_id=alert.id,
            detail={"kind": alert.kind},
        )
        return go(request, "/alerts", notice=N_("Noted as seen to."))


def alarms_of(rooms: Iterable[Room]) -> dict[str, Alarm]:
    """Every kind of alert by its stored name.

    Raises:
        ValueError: two rooms use one name.
    """
    known: dict[str, Alarm] = {}
    for alarm in (alarm for room in rooms for alarm in room.alarms):
        if alarm.name in known:
            raise ValueError(f"two alarms are called {alarm.name!r}")
        known[alarm.name] = alarm
    return known


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Whoever reads the list, and what is needed to put it into words."""

    alarms: Mapping[str, Alarm]
    shops: Mapping[UUID, Tenant]
    names: Mapping[UUID, str]
    words: Words
    context: Context

    def line(self, alert: Alert) -> AlertLine:
        alarm, words, zone = self.alarms[alert.kind], self.words, self.context.zone
        shop = self.shops.get(alert.shop_id) if alert.shop_id else None
        needs_shop = "{shop}" in alarm.where
        about = {"subject": alert.subject, "part": alert.subject.rpartition("/")[2]}
        where = alarm.where.format(shop=alert.shop_id, **about)
        return AlertLine(
            id=alert.id,
            title=words.gettext(alarm.title).format(**about),
            advice=words.gettext(alarm.advice).format(**about),
            where=where if shop or not needs_shop else "",
            shop=shop.brand_name if shop else "",
            why=words.gettext(alert.detail) if alarm.says_why and alert.detail else "",
            detail="" if alarm.says_why else alert.detail,
            is_grave=alarm.grave,
            times=alert.times,
            first=words.moment(alert.first_at, zone),
            last=words.moment(alert.last_at, zone),
            ago=words.ago(alert.last_at, self.context.now),
            cleared=self._cleared(alert),
        )

    def _cleared(self, alert: Alert) -> str:
        if alert.cleared_at is None:
            return ""
        at = self.words.moment(alert.cleared_at, self.context.zone)
        who = self.names.get(alert.cleared_by, "") if alert.cleared_by else ""
        if not who:
            return self.words.gettext(N_("Went away by itself, {at}"), at=at)
        return self.words.gettext(N_("{who}, {at}"), who=who, at=at)
