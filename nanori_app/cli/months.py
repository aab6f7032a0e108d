"""``nanori month``: close a month in one shop or in all, show how far it has come, open it again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation, connect
from nanori.settings import LoginKind
from nanori_app.cli.shared import NoSuchShop, as_json, migrated_database, print_json
from nanori_app.errors import EXPECTED, Stopped, in_words
from nanori_app.post import build_post
from reports.closing.commands import close_month, reopen_month
from reports.closing.models import ClosedMonth, MonthClose
from reports.closing.queries import closes_of, is_as_frozen
from reports.closing.values import MonthState, had_begun
from reports.values import parse_month
from tenants.models import Tenant
from tenants.queries import shops

T = TypeVar("T")
Told = dict[str, object]
SOME_FAILED = 1


class WhichShops(Stopped):
    message = "Name a shop with --tenant SLUG, or take all of them with --all."


slug_option = click.option("--tenant", "slug", metavar="SLUG", help="Short name of the shop.")
all_option = click.option("--all", "every", is_flag=True, help="Every shop that was there in that month.")
month_option = click.option("--month", "text", required=True, metavar="YYYY-MM", help="The month.")


@click.group()
def month() -> None:
    """Close months, show them, open them again."""


@month.command()
@slug_option
@all_option
@month_option
@as_json
def close(*, slug: str | None, every: bool, text: str, as_json: bool) -> int:
    """Freeze a month's figures and the records behind them.

    A month that is closed stays as it is, so the command can be run again; a shop that fails does not stop
    the others. A month that was reopened is restated. Exits 1 when a shop failed.
    """
    first = parse_month(text)
    _check_named(slug, every=every)
    told = _run(lambda house: _close(house, first, slug))
    failed = sum("error" in one for one in told)
    if as_json:
        print_json({"month": text, "shops": told, "failed": failed})
    elif failed:
        click.echo(f"{failed} of {len(told)} shops could not be closed. The command can be run again.")
    return SOME_FAILED if failed else 0


@month.command()
@slug_option
@all_option
@month_option
@click.option("--verify", is_flag=True, help="Compare what is stored with its hash; exits 1 when it differs.")
@as_json
def show(*, slug: str | None, every: bool, text: str, verify: bool, as_json: bool) -> int:
    """Show how far a month's close has come."""
    first = parse_month(text)
    _check_named(slug, every=every)
    told = _run(lambda house: _show(house, first, slug, verify=verify))
    if as_json:
        print_json({"month": text, "shops": told})
    else:
        for one in told:
            click.echo(_line(one))
    return SOME_FAILED if any(one.get("intact") is False for one in told) else 0


@month.command()
@click.option("--tenant", "slug", required=True, metavar="SLUG", help="Short name of the shop.")
@month_option
@click.option("--reason", required=True, help="Why; it is printed beside the new figures.")
@as_json
def reopen(*, slug: str, text: str, reason: str, as_json: bool) -> None:
    """Let the log speak again, until the month is closed anew. What was frozen is kept."""
    first = parse_month(text)
    _run(lambda house: _reopen(house, first, slug, reason))
    if as_json:
        print_json({"tenant": slug, "month": text, "state": MonthState.REOPENED.value, "reason": reason})
    else:
        click.echo(f"{slug} {text} is open again. Restate it with: nanori month close")


def _check_named(slug: str | None, *, every: bool) -> None:
    if (slug is None) != every:
        raise WhichShops


def _run(work: Callable[[Installation], Awaitable[T]]) -> T:
    async def inside() -> T:
        house = connect(settings, build_post(settings.url_for(LoginKind.WORKER)))
        try:
            return await work(house)
        finally:
            await house.close()

    with migrated_database() as settings:
        return asyncio.run(inside())


async def _close(house: Installation, first: date, slug: str | None) -> list[Told]:
    wanted = await _wanted(house, first, slug)
    told = []
    for done, shop in enumerate(wanted, start=1):
        told.append(await _close_one(house, shop, first))
        click.echo(f"{done}/{len(wanted)} {_line(told[-1])}", err=True)
    return told


async def _close_one(house: Installation, shop: Tenant, first: date) -> Told:
    """One shop in a transaction of its own; what goes wrong is told and stays with this shop."""
    try:
        async with unit_of_work(house.worker, [shop.tenant_id]) as session:
            done = await close_month(session, shop.tenant_id, first, now=house.clock.now())
    except EXPECTED as refusal:
        return {"tenant": shop.slug, "error": in_words(refusal)}
    state = MonthState.CLOSED if done.closed.edition == 1 else MonthState.RESTATED
    return {"tenant": shop.slug, "state": state.value, "anew": done.anew, **_frozen(done.closed)}


async def _show(house: Installation, first: date, slug: str | None, *, verify: bool) -> list[Told]:
    wanted = await _wanted(house, first, slug)
    async with unit_of_work(house.worker, [shop.tenant_id for shop in wanted]) as session:
        closes = await closes_of(session, [shop.tenant_id for shop in wanted], first)
        told = [_told(shop, closes.get(shop.tenant_id)) for shop in wanted]
        for shop, one in zip(wanted, told, strict=True):
            _, closed = closes.get(shop.tenant_id, (None, None))
            if verify and closed is not None:
                one["intact"] = await is_as_frozen(session, closed)
    return told


async def _reopen(house: Installation, first: date, slug: str, reason: str) -> None:
    (shop,) = await _wanted(house, first, slug)
    async with unit_of_work(house.worker, [shop.tenant_id]) as session:
        await reopen_month(session, shop.tenant_id, first, why=reason, now=house.clock.now())


async def _wanted(house: Installation, first: date, slug: str | None) -> Sequence[Tenant]:
    """The shop named, or all that were there in the month."""
    async with across_shops(house.worker) as session:
        found = await shops(session)
    if slug is None:
        return [one for one in found if had_begun(one.created_at, ZoneInfo(one.zone), first)]
    named = [one for one in found if one.slug == slug]
    if not named:
        raise NoSuchShop(slug=slug)
    return named


def _told(shop: Tenant, found: tuple[MonthClose, ClosedMonth | None] | None) -> Told:
    if found is None:
        return {"tenant": shop.slug, "state": MonthState.OPEN.value}
    close, closed = found
    told: Told = {"tenant": shop.slug, "state": close.state.value}
    if close.failure:
        told["failure"] = close.failure
    if close.reason:
        told |= {"reopened_at": close.reopened_at, "reason": close.reason}
    return told | (_frozen(closed) if closed else {})


def _frozen(closed: ClosedMonth) -> Told:
    return {
        "edition": closed.edition,
        "records": closed.records,
        "hash": closed.content_hash,
        "closed_at": closed.closed_at,
        "formulas": closed.formulas,
        "changes": closed.changes,
    }


def _line(one: Mapping[str, Any]) -> str:
    if "error" in one:
        return f"{one['tenant']}: not closed. {one['error']}"
    words = [f"{one['tenant']}: {one['state']}"]
    if "records" in one:
        words.append(f"edition {one['edition']}, {one['records']} records, {one['hash'][:12]}")
    if one.get("anew") is False:
        words.append("closed before")
    if one.get("failure"):
        words.append(one["failure"])
    if one.get("intact") is False:
        words.append("NO LONGER AS FROZEN")
    return ", ".join(words)
