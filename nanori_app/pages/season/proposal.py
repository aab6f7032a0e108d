"""The busiest half hour that a new season may expect, and where the figure comes from. None is invented."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from desks.planning import Plan
from desks.staffing.history import HALF_HOURS
from nanori.words import N_, Words
from nanori_app.pages.season.drafting import LATELY, Model
from reports.volumes import Counted, counted_calls, of_shop
from tenants.models import Tenant

AS_MANY = "100"
"""Per cent: the season is as busy as what it is proposed from."""


class Source(StrEnum):
    """What a proposal is made from; the first that there is."""

    SEASON = "season"  # a season of before, from its log
    PLANNED = "planned"  # a season of before of which no call was counted
    DESK = "desk"  # another desk's last weeks
    SHOP = "shop"  # all desks of the shop, in the last weeks


SAID: Mapping[Source, str] = {
    Source.SEASON: N_("The season “{desk}” had {n} calls in its busiest half hour."),
    Source.PLANNED: N_(
        "No call of the season “{desk}” was counted. It was planned with {n} calls in its busiest half hour."
    ),
    Source.DESK: N_("The desk “{desk}” had {n} calls in the busiest half hour of its last four weeks."),
    Source.SHOP: N_("The shop's busiest half hour of the last four weeks had {n} calls: {day}, from {time}."),
}
NOTHING = N_(
    "Nobody has called this shop in the last four weeks, so there is nothing to propose from."
    " Please ask the shop how many calls it expects."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """So many calls came in the busiest half hour of something that was counted."""

    source: Source
    calls: int
    desk: str = ""
    day: date | None = None
    half_hour: int = 0  # of the day
    handling_seconds: int | None = None

    def said(self, words: Words) -> str:
        """Where the figure comes from."""
        hour, half = divmod(self.half_hour, 2)
        return words.gettext(
            SAID[self.source], desk=self.desk, n=words.number(self.calls),
            day=words.date(self.day) if self.day else "", time=f"{hour}:{half * 30:02}",
        )  # fmt: skip


async def proposal_of(
    session: AsyncSession, shop: Tenant, model: Model | None, *, now: datetime
) -> Proposal | None:
    """From the season or desk that was chosen, else from the shop's last weeks; None without a call."""
    if model is not None and model.volumes.busiest:
        source = Source.SEASON if model.season else Source.DESK
        return Proposal(source=source, calls=model.volumes.busiest, desk=model.desk.name)
    if model is not None and model.season is not None and model.season.busy_calls:
        return Proposal(source=Source.PLANNED, calls=model.season.busy_calls, desk=model.desk.name)
    found = await counted_calls(session, [shop.tenant_id], now - LATELY, now)
    return of_weeks(of_shop(found, shop.tenant_id))


def of_weeks(counted: Counted) -> Proposal | None:
    """The busiest half hour of all desks together; the latest of equal ones."""
    cells = [(calls[at], day, at) for day, calls in counted.days.items() for at in range(HALF_HOURS)]
    calls, day, at = max(cells, default=(0, date.min, 0))
    if not calls:
        return None
    handling = round(counted.handling) if counted.handling else None
    return Proposal(source=Source.SHOP, calls=calls, day=day, half_hour=at, handling_seconds=handling)


def proposed(plan: Plan, proposal: Proposal | None) -> Plan:
    """The plan with the figures of the proposal; without one nothing is said about calls."""
    if proposal is None:
        return replace(plan, busy_calls=0)
    seconds = proposal.handling_seconds or plan.handling_seconds
    return replace(plan, busy_calls=proposal.calls, handling_seconds=seconds)
