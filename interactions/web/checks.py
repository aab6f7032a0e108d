"""``/interactions/checks``: calls drawn by lot for a supervisor to check, and what was found in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.checks import LONGEST_NOTE, Check, check, coverage, drawn
from interactions.models import Interaction
from interactions.values import Fault
from interactions.web.check_view import answered
from interactions.wording import CHECK_WRONG
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.identity.queries import names_of
from nanori.text import tidied
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import DASH, N_, Words
from tenants.models import Tenant
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]
A_WEEK, LONGEST = timedelta(days=6), timedelta(days=61)


@dataclass(frozen=True, slots=True)
class DrawnRow:
    href: str
    number: str
    at: str
    agent: str
    talked: str


class CheckPages(Controller):
    path = "/interactions/checks"
    opt = allow(Role.SUPERVISOR)

    @get("/")
    async def show_drawn(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        shop: FromQuery[str] = "",
        since: FromQuery[date | None] = None,
        until: FromQuery[date | None] = None,
    ) -> Template:
        """Calls of these days that nobody has checked, by the lot of today: nobody picks the good ones."""
        words, today = words_of(request), context.now.astimezone(context.zone).date()
        shops = await shops_bound(session)
        chosen = next(
            (one for one in shops if shop in {one.slug, str(one.tenant_id)}), shops[0] if shops else None
        )
        last = min(until or today, today)
        first = max(min(since or last - A_WEEK, last), last - LONGEST)
        choices = [(one.slug, one.brand_name) for one in shops]
        shown: dict[str, Any] = {
            "choices": choices,
            "chosen": chosen,
            "first": first,
            "last": last,
            "rows": [],
        }
        if chosen is not None:
            start, end = _midnight(first, context.zone), _midnight(last + timedelta(days=1), context.zone)
            seed = f"{today}{chosen.tenant_id}"
            calls = await drawn(session, chosen.tenant_id, start, end, seed=seed)
            shown["rows"] = await _rows(session, calls, words, context)
            shown |= await _month(session, chosen, last, words, context)
            await audit.record(
                session, context, "checks.drawn", shop_id=chosen.tenant_id, detail={"rows": len(calls)}
            )
        return render(request, "interactions/checks.html", **shown)

    @post("/{tenant_id:uuid}/{interaction_id:uuid}")
    async def keep_check(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """What was found; once more corrects it."""
        form = await request.form()
        typed = {one: str(form.get(one.value, "")) for one in Fault}
        if not set(typed.values()) <= {"yes", "no"}:
            raise InvalidInput({one.value: CHECK_WRONG for one, said in typed.items() if not said})
        faults = frozenset(one for one, said in typed.items() if said == answered(one, frozenset([one])))
        note = tidied(str(form.get("note", "")))[:LONGEST_NOTE]
        found = Check(faults=faults, note=note)
        await check(session, tenant_id, interaction_id, found, actor=context.actor, now=context.now)
        await audit.record(session, context, "call.checked", shop_id=tenant_id, subject_id=interaction_id)
        return go(request, f"/interactions/{tenant_id}/{interaction_id}", notice=N_("Saved."))


async def _rows(
    session: AsyncSession, calls: Sequence[Interaction], words: Words, context: Context
) -> list[DrawnRow]:
    names = await names_of(session, [one.agent_id for one in calls if one.agent_id])
    return [
        DrawnRow(
            href=f"/interactions/{one.tenant_id}/{one.id}",
            number=f"#{one.number}",
            at=words.moment(one.arrived_at, context.zone),
            agent=names.get(one.agent_id, DASH) if one.agent_id else DASH,
            talked=words.clock(timedelta(milliseconds=one.talk_ms)),
        )
        for one in calls
    ]


async def _month(
    session: AsyncSession, shop: Tenant, last: date, words: Words, context: Context
) -> dict[str, str]:
    """How many of the calls of the month in which the days end were checked."""
    first = last.replace(day=1)
    end = (first + timedelta(days=31)).replace(day=1)
    found = await coverage(
        session, shop.tenant_id, _midnight(first, context.zone), _midnight(end, context.zone)
    )
    numbers = {"checked": words.number(found.checked), "n": words.number(found.calls)}
    said = words.gettext(N_("{month}: {checked} of {n} calls checked"), month=words.month(first), **numbers)
    return {"covered": said}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
