"""``nanori pool``: what shops save that share their agents, and who brought it. No database."""

from collections.abc import Sequence
from math import isfinite
from pathlib import Path

import click
import msgspec

from desks.staffing.curve import Promise
from desks.staffing.ledger import Ledger, Member, Rule, hundredths, reckon
from desks.staffing.pool import Answered, Estimate, Shop, estimate
from nanori_app.cli.shared import as_json, print_json
from nanori_app.errors import Stopped

SECONDS_PLAYED = 40_000.0


class NotAPool(Stopped):
    message = "'{path}' does not describe a pool: {reason}."


class ShopInPool(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    calls: list[float]  # of each interval
    aht_seconds: float
    within_seconds: float = 20.0
    target: float = 80.0  # per cent


class PoolFile(msgspec.Struct, forbid_unknown_fields=True):
    shops: list[ShopInPool]
    interval_seconds: float = 1800.0


@click.command(short_help="What shops save that share their agents.")
@click.argument("path", metavar="FILE.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--rule",
    type=click.Choice([one.value for one in Rule]),
    help="How the saving is shared; Shapley's for few shops.",
)
@click.option("--play", type=click.IntRange(min=0), metavar="SEED",
              help="Play the busiest interval call by call: what do each shop's callers get?")  # fmt: skip
@as_json
def pool(*, path: Path, rule: str | None, play: int | None, as_json: bool) -> None:
    """Seats that shops need alone and together, and each shop's share of the saving.

    FILE.json: {"interval_seconds": 1800, "shops": [{"name": "…", "calls": [6, 9], "aht_seconds": 360,
    "within_seconds": 20, "target": 80}]}, with calls of the same intervals for each shop.
    """
    described = _read(path)
    found = reckon(_members(described), described.interval_seconds, Rule(rule) if rule else None)
    played = None if play is None else _play(described, found.seats, play)
    if as_json:
        print_json(_as_dict(found, played))
        return
    click.echo(f"{found.alone} seat-intervals alone, {found.together} together: {found.saving} saved")
    click.echo(f"Shared by {found.rule}.\n\n   alone    share     pays  shop")
    shares = _shares(found)
    for line, share in zip(found.lines, shares, strict=True):
        click.echo(f"{line.alone:8d} {share:8.2f} {line.alone - share:8.2f}  {line.name}")
    if played:
        click.echo(f"\nThe busiest interval with {max(found.seats)} agents, with 95 % certainty:")
    for shop, one in zip(described.shops, played or [], strict=False):
        click.echo(f"{_level(one.service_level)} within {shop.within_seconds:g} s  {shop.name}")


def _read(path: Path) -> PoolFile:
    try:
        described = msgspec.json.decode(path.read_bytes(), type=PoolFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise NotAPool(path=path, reason=str(wrong).rstrip(".")) from wrong
    reason = _fault(described)
    if reason:
        raise NotAPool(path=path, reason=reason)
    return described


def _fault(described: PoolFile) -> str | None:
    if not described.shops:
        return "it names no shop"
    if described.interval_seconds <= 0:
        return "the interval must last longer than nothing"
    names = [shop.name for shop in described.shops]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        return f"'{twice}' is there twice"
    intervals = len(described.shops[0].calls)
    return next(filter(None, (_fault_of(shop, intervals) for shop in described.shops)), None)


def _fault_of(shop: ShopInPool, intervals: int) -> str | None:
    if not shop.calls or len(shop.calls) != intervals:
        return f"'{shop.name}' must have calls for as many intervals as the others, one at least"
    if min(shop.calls) < 0 or shop.aht_seconds <= 0 or shop.within_seconds < 0:
        return f"'{shop.name}' has a figure below zero, or calls that take no time"
    if not 0 <= shop.target < 100:  # noqa: PLR2004 - per cent
        return f"the target of '{shop.name}' must be from 0 to below 100 per cent"
    return None


def _members(described: PoolFile) -> list[Member]:
    return [
        Member(
            name=shop.name,
            calls=shop.calls,
            handling=shop.aht_seconds,
            promise=Promise(within=shop.within_seconds, target=shop.target / 100),
        )
        for shop in described.shops
    ]


def _play(described: PoolFile, seats: Sequence[int], seed: int) -> list[Answered]:
    """Every agent answers for every shop, in the interval that needs the most of them."""
    at = max(range(len(seats)), key=lambda one: seats[one])
    shops = [
        Shop(
            rate=shop.calls[at] / described.interval_seconds,
            handling=shop.aht_seconds,
            within=shop.within_seconds,
        )
        for shop in described.shops
    ]
    return estimate(shops, [range(len(shops))] * seats[at], seconds=SECONDS_PLAYED, seed=seed)


def _shares(found: Ledger) -> list[float]:
    rounded = hundredths({line.name: line.share for line in found.lines})
    return [float(rounded[line.name]) for line in found.lines]


def _as_dict(found: Ledger, played: list[Answered] | None) -> dict[str, object]:
    shops: list[dict[str, object]] = [
        {"name": line.name, "alone": line.alone, "share": share, "pays": round(line.alone - share, 2)}
        for line, share in zip(found.lines, _shares(found), strict=True)
    ]
    for shop, one in zip(shops, played or [], strict=False):
        shop["played"] = {
            "wait_probability": _estimate(one.wait_probability),
            "service_level": _estimate(one.service_level),
            "average_speed_of_answer_seconds": _estimate(one.average_speed_of_answer),
        }
    return {
        "rule": found.rule,
        "alone": found.alone,
        "together": found.together,
        "saving": found.saving,
        "seats": list(found.seats),
        "shops": shops,
    }


def _level(one: Estimate) -> str:
    return f"{one.mean:8.1%} ± {one.give:.1%}" if isfinite(one.give) else "  nobody calls"


def _estimate(one: Estimate) -> dict[str, float | None]:
    """Nobody who called: no figure."""
    known = isfinite(one.give)
    return {"mean": one.mean if known else None, "give": one.give if known else None}
