"""``nanori rehearse``: a month played in virtual time on a throw-away database, then checked."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from nanori.errors import NotFound
from nanori.logs import set_up_logs
from nanori.settings import Settings
from nanori_app.cli.burst import BURST, BURST_SEEDS, play_burst
from nanori_app.cli.seeds import play_seeds
from nanori_app.cli.shared import as_json, check_schema, database, print_json
from nanori_app.processes import stop_on_sigterm
from nanori_app.rehearse.copying import copy_of
from nanori_app.rehearse.house import throw_away
from nanori_app.rehearse.keeping import keep
from nanori_app.rehearse.occasions import LEAST_CALLS, LEAST_MAILS
from nanori_app.rehearse.performance import FAULTS, Programme
from nanori_app.rehearse.rehearsal import Rehearsal
from nanori_app.rehearse.rehearsal import rehearse as rehearse_programme
from nanori_app.rehearse.sabotage import BY_NAME, SABOTAGES
from nanori_app.rehearse.shops import ShopSetup, invented_shops

CALLS, SABOTAGED_CALLS = 60, 12
SCENARIOS = ("month", BURST)
LIST = "list"
MOST = 100_000


@click.command(short_help="Play a month, and check everything.")
@click.option("--calls", type=click.IntRange(1, MOST), help=f"How many calls come in; default {CALLS}.")
@click.option("--mails", type=click.IntRange(0, MOST), help="How many mails; default a third of the calls.")
@click.option("--agents", type=click.IntRange(1, 500), default=4, show_default=True)
@click.option("--shops", type=click.IntRange(1, 500), help="How many shops; default 3, with --shop 1.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed plays the same piece.")
@click.option(
    "--seeds",
    type=click.IntRange(1, MOST),
    help="Play so many seeds from --seed on, each with all its calls within half an hour; no paper.",
)
@click.option("--scenario", type=click.Choice(SCENARIOS), default=SCENARIOS[0], show_default=True)
@click.option("--faults", type=click.Choice(list(FAULTS)), default="some", show_default=True)
@click.option("--shop", "slug", help="Rehearse with a copy of this shop's set-up; the shop is only read.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, writable=True, path_type=Path),
    help="Keep each shop's PDF and figures and the raw event log here.",
)
@click.option("--sabotage", metavar="NAME", help=f"Break one thing on purpose; '{LIST}' shows the names.")
@as_json
def rehearse(*, as_json: bool, out: Path | None, **asked: Any) -> int:
    """Play a month of calls and mails in virtual time, on a database of its own, and check everything.

    Callers lose patience, agents miss calls, callbacks come twice and late; then each call must have one
    story, nobody two calls, nobody a wrong name, nobody silence, and each PDF must equal a count of the log
    by other hands. Exits 1 when anything does not hold. No telephone rings and no mail leaves.
    """
    if asked["sabotage"] == LIST:
        return _list(as_json=as_json)
    if asked["scenario"] == BURST:
        return play_burst(asked["seed"], asked["seeds"] or BURST_SEEDS, as_json=as_json)
    _check(asked, out)
    stop_on_sigterm()
    with database() as settings:
        set_up_logs(settings.model_copy(update={"log_level": "error"}))
        programme = _programme(asked, _shops(settings, asked["slug"], asked["shops"]))
        with throw_away(settings) as own:
            if asked["seeds"] is not None:
                return asyncio.run(play_seeds(own, programme, asked["seeds"], as_json=as_json))
            found = asyncio.run(rehearse_programme(own, programme))
    if out is not None:
        keep(found, out)
    if as_json:
        print_json(found.as_json())
    else:
        _tell(found, out)
    return 1 if found.violations else 0


def _list(*, as_json: bool) -> int:
    if as_json:
        print_json({"sabotages": list(BY_NAME)})
    else:
        for sabotage in SABOTAGES:
            click.echo(f"{sabotage.name:30} {sabotage.says}")
    return 0


def _check(asked: dict[str, Any], out: Path | None) -> None:
    """Refuse now what would fail after minutes of play."""
    sabotage = asked["sabotage"]
    if asked["seeds"] is not None and (sabotage is not None or out is not None):
        raise click.BadParameter("goes neither with --sabotage nor with --out.", param_hint="--seeds")
    if sabotage is not None and sabotage not in BY_NAME:
        raise click.BadParameter(
            f"there is no sabotage '{sabotage}'; '--sabotage {LIST}' shows the names.",
            param_hint="--sabotage",
        )
    if out is not None:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise click.BadParameter(f"{out}: {problem.strerror}.", param_hint="--out") from None


def _shops(settings: Settings, slug: str | None, wanted: int | None) -> list[ShopSetup]:
    if slug is None:
        return invented_shops(wanted or 3)
    check_schema(settings)
    try:
        mine = asyncio.run(copy_of(settings, slug))
    except NotFound:
        raise click.BadParameter(
            f"there is no shop with the short name '{slug}'.", param_hint="--shop"
        ) from None
    if not mine.numbers:
        raise click.BadParameter(f"'{slug}' has no phone number that could ring yet.", param_hint="--shop")
    others = [one for one in invented_shops((wanted or 1) + 6) if _is_apart(one, mine)]
    return [mine, *others[: (wanted or 1) - 1]]


def _is_apart(other: ShopSetup, mine: ShopSetup) -> bool:
    shared = set(other.numbers) & set(mine.numbers) or set(other.addresses) & set(mine.addresses)
    return other.slug != mine.slug and not shared and other.profile.brand_name != mine.profile.brand_name


def _programme(asked: dict[str, Any], shops: list[ShopSetup]) -> Programme:
    sabotage = BY_NAME.get(asked["sabotage"] or "")
    calls = asked["calls"] or (SABOTAGED_CALLS if sabotage else CALLS)
    mails = calls // 3 if asked["mails"] is None else asked["mails"]
    if not all(shop.addresses for shop in shops):
        mails = 0
    programme = Programme(
        calls=calls,
        mails=mails,
        agents=asked["agents"],
        seed=asked["seed"],
        faults=asked["faults"],
        shops=shops,
        sabotage=sabotage,
    )
    if sabotage is None:
        return programme
    return replace(programme, calls=max(calls, LEAST_CALLS), mails=max(mails, LEAST_MAILS))


def _tell(found: Rehearsal, out: Path | None) -> None:
    asked = found.programme
    click.echo(
        f"{asked.calls} calls and {asked.mails} mails for {len(asked.shops)} shops, {asked.agents} agents, "
        f"seed {asked.seed}, faults: {asked.faults}. {found.seconds:.0f} s."
    )
    for outcome, number in found.outcomes.items():
        click.echo(f"  {outcome.replace('_', ' ', 1):24} {number:5}")
    for one in found.violations:
        click.echo(f"{one.invariant}: {' '.join(one.ids)} {one.detail}")
    click.echo(f"{len(found.violations)} violation(s) of {len(SABOTAGES)} invariants.")
    if out is not None:
        click.echo(f"Reports and the raw log are in {out}.")
