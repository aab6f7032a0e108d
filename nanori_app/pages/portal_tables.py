"""The tables that a shop's people are handed out: each page of the portal that lists data has its own here.

Each reads by the queries of its page, of one shop, in a number of statements that does not grow with it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from billing.invoices.queries import Search, replaced_among, search_issued
from billing.ledger.queries import ledger_month
from billing.ledger.reading import lines_page
from billing.listed import invoices_listed, lines_listed, usage_listed
from interactions.orders.listed import readings_listed
from interactions.orders.queries import readings_of
from interactions.questions.listed import WITH_SHOP, limits_listed, questions_listed
from interactions.questions.queries import closed_questions, open_questions, proposals_for
from mailroom.surveys.listed import voices_listed
from mailroom.surveys.queries import latest_answers
from nanori.sheets import Cell, Listed
from nanori_app.pages.portal_asked import Asked
from reports.listed import figures_listed, reports_listed
from reports.paper.definitions import DEFINITIONS
from reports.queries import reports_of
from reports.so_far.queries import figures_of
from reports.values import month_text
from scripts_talk.knowledge.queries import ListFilter, article_list, submitted_articles
from scripts_talk.knowledge.values import VersionState
from scripts_talk.listed import articles_listed, quiz_listed, scripts_listed
from scripts_talk.queries import submitted_scripts
from scripts_talk.quiz.queries import questions_of
from tenants.calendars import calendar_of
from tenants.changes.listed import (
    HOUR_HEADS,
    PEOPLE_HEADS,
    Looked,
    contacts_listed,
    hour_rows,
    hours_listed,
    people_rows,
)
from tenants.changes.queries import MOST_COMING, changes_of_shop
from tenants.escalation.queries import limits_for
from tenants.queries import contacts_of, special_days
from tenants.wishes.commands import wishes
from tenants.wishes.listed import wishes_listed

MOST = 20_000
MOST_QUESTIONS = 2_000
"""Their clocks are asked for by their keys: more would be too many parameters for one statement."""
WAITING_HEADS = ("what", "title", "amount_yen", "since", "page")


@dataclass(frozen=True, slots=True)
class Told:
    """A table, and what JSON says: ``more`` and the table's rows, or ``more`` alone, where it tells them."""

    table: Listed
    more: Mapping[str, Any] = field(default_factory=dict)
    is_told_by_more: bool = False

    def as_json(self) -> dict[str, Any]:
        rows: dict[str, Any] = {} if self.is_told_by_more else {self.table.name: self.table.as_records()}
        return {**self.more, **rows}


async def month(asked: Asked) -> Told:
    """Every figure of a closed month, or of the running one as counted last; none where it never was."""
    found = await figures_of(asked.session, asked.shop.tenant_id, asked.month)
    table = figures_listed(found.figures if found else (), keys=DEFINITIONS)
    return Told(table, {"month": month_text(asked.month)})


async def waiting(asked: Asked) -> Told:
    """Questions, scripts and articles that wait for the shop's word."""
    tenant_id, rows = asked.shop.tenant_id, list[tuple[Cell, ...]]()
    for held in await open_questions(asked.session, now=asked.now, of=tenant_id):
        one, since = held.question, held.debt.since
        if one.state in WITH_SHOP:
            at = _at(asked, since) if since else None
            rows.append(("question", one.subject, one.amount_yen, at, "/shop-questions"))
    for script in await submitted_scripts(asked.session):
        if script.tenant_id == tenant_id and script.submitted_at is not None:
            page = f"/scripts/{tenant_id}/{script.version_id}"
            rows.append(("script", script.name, None, _at(asked, script.submitted_at), page))
    for version in await submitted_articles(asked.session, limit=MOST):
        if version.tenant_id == tenant_id:
            page = f"/knowledge/{tenant_id}/{version.article_id}"
            rows.append(("article", version.title, None, _at(asked, version.created_at), page))
    return Told(Listed("waiting", WAITING_HEADS, rows))


async def wished(asked: Asked) -> Told:
    of = asked.shop.tenant_id
    found = [
        one
        for is_open in (True, False)
        for one in await wishes(asked.session, are_open=is_open, limit=MOST, of=of)
    ]
    return Told(wishes_listed(found, asked.shop.zone))


async def questions(asked: Asked) -> Told:
    """What is open, then what was settled, the newest first."""
    session, of = asked.session, asked.shop.tenant_id
    found = await open_questions(session, now=asked.now, limit=MOST_QUESTIONS, of=of)
    found += await closed_questions(session, now=asked.now, limit=MOST_QUESTIONS, of=of)
    return Told(questions_listed(found, asked.shop.zone))


async def limits(asked: Asked) -> Told:
    """What the desk may decide unasked, and what is proposed."""
    tenant_id = asked.shop.tenant_id
    agreed = await limits_for(asked.session, tenant_id, None)
    return Told(limits_listed(agreed, await proposals_for(asked.session, tenant_id)))


async def usage(asked: Asked) -> Told:
    """Meters, charges and other plans of a month as counted last."""
    own = await ledger_month(asked.session, asked.shop.tenant_id, asked.month)
    more: dict[str, Any] = {
        "month": month_text(asked.month),
        "counted_at": _at(asked, own.counted_at) if own and own.counted_at else None,
        "is_sealed": own is not None and own.sealed_at is not None,
        "total_yen": own.summary.get("total") if own else None,
        "with_tax": own.summary.get("with_tax") if own else None,
    }
    return Told(usage_listed(own), more)


async def usage_lines(asked: Asked) -> Told:
    """Every line that is booked in a month; ``is_cut`` where there are more than a file takes."""
    page = await lines_page(asked.session, asked.shop.tenant_id, asked.month, size=MOST)
    more = {"month": month_text(asked.month), "is_cut": page.older is not None}
    return Told(lines_listed(page.rows, asked.shop.zone), more)


async def invoices(asked: Asked) -> Told:
    found = await search_issued(asked.session, Search(), size=MOST, of=asked.shop.tenant_id)
    return Told(invoices_listed(found.rows, await replaced_among(asked.session, found.rows)))


async def reports(asked: Asked) -> Told:
    return Told(reports_listed(await reports_of(asked.session, [asked.shop.tenant_id]), asked.shop.zone))


async def articles(asked: Asked) -> Told:
    """Those in force and those that wait for the shop's word."""
    seen = (VersionState.PUBLISHED, VersionState.SUBMITTED)
    wanted = ListFilter(shops=frozenset([asked.shop.tenant_id]), states=seen)
    found = await article_list(asked.session, wanted, now=asked.now, size=MOST)
    return Told(articles_listed(found, asked.shop.zone))


async def quiz(asked: Asked) -> Told:
    return Told(quiz_listed(await questions_of(asked.session, asked.shop.tenant_id)))


async def scripts(asked: Asked) -> Told:
    """The steps of what waits for the shop's word."""
    own = [one for one in await submitted_scripts(asked.session) if one.tenant_id == asked.shop.tenant_id]
    return Told(scripts_listed(own, asked.shop.zone))


async def order_files(asked: Asked) -> Told:
    found = await readings_of(asked.session, asked.shop.tenant_id)
    return Told(readings_listed(found, asked.shop.zone, asked.words))


async def voices(asked: Asked) -> Told:
    """What shoppers answered, the newest first."""
    tenant_id = asked.shop.tenant_id
    found = await latest_answers(asked.session, [tenant_id], limit=MOST)
    return Told(voices_listed(found[tenant_id], asked.shop.zone))


async def hours(asked: Asked) -> Told:
    """The week, single days and the changes of both; JSON has them in one another."""
    days = await special_days(asked.session, asked.shop.tenant_id)
    told = hours_listed(await _looked(asked), await calendar_of(asked.session, asked.shop), days)
    return Told(Listed("hours", HOUR_HEADS, hour_rows(told)), told, is_told_by_more=True)


async def contacts(asked: Asked) -> Told:
    """Whom the desk reaches, and who it will be."""
    told = contacts_listed(await _looked(asked), await contacts_of(asked.session, asked.shop.tenant_id))
    return Told(Listed("people", PEOPLE_HEADS, people_rows(told)), told, is_told_by_more=True)


async def _looked(asked: Asked) -> Looked:
    changes = await changes_of_shop(asked.session, asked.shop.tenant_id, today=asked.today, limit=MOST_COMING)
    return Looked(shop=asked.shop, changes=changes, now=asked.now)


def _at(asked: Asked, moment: datetime) -> str:
    return moment.astimezone(asked.clock).isoformat()


TABLES: Mapping[str, Callable[[Asked], Awaitable[Told]]] = {
    "month": month,
    "waiting": waiting,
    "wishes": wished,
    "questions": questions,
    "limits": limits,
    "usage": usage,
    "usage-lines": usage_lines,
    "invoices": invoices,
    "reports": reports,
    "articles": articles,
    "quiz": quiz,
    "scripts": scripts,
    "order-files": order_files,
    "voices": voices,
    "hours": hours,
    "contacts": contacts,
}
