"""``nanori rehearse --seeds N``: tells what comes of many seeds, while it goes on and at the end."""

import time

import click

from nanori.settings import Settings
from nanori_app.cli.shared import print_json
from nanori_app.rehearse.invariants import INVARIANTS
from nanori_app.rehearse.performance import Programme
from nanori_app.rehearse.seeds import Seed, Tally, rehearse_seeds

EVERY = 10
"""Seeds between two lines about how far it is."""


async def play_seeds(settings: Settings, programme: Programme, count: int, *, as_json: bool) -> int:
    """Play seeds from the programme's own on; 1 when anything does not hold."""
    began, tally = time.monotonic(), Tally()
    seeds = range(programme.seed, programme.seed + count)
    async for one in rehearse_seeds(settings, programme, seeds):
        tally.add(one)
        _tell_violations(one)
        if tally.seeds % EVERY == 0:
            click.echo(f"{tally.seeds} of {count} seeds, {time.monotonic() - began:.0f} s", err=True)
    if as_json:
        print_json(_as_json(programme, seeds, tally))
    else:
        _tell(programme, seeds, tally)
    return 1 if tally.violations else 0


def _tell_violations(one: Seed) -> None:
    for violation in one.violations:
        click.echo(
            f"seed {one.seed}: {violation.invariant}: {' '.join(violation.ids)} {violation.detail}", err=True
        )


def _tell(programme: Programme, seeds: range, tally: Tally) -> None:
    click.echo(
        f"{tally.seeds} seeds ({seeds[0]} to {seeds[-1]}) of {programme.calls} calls for"
        f" {len(programme.shops)} shops, {programme.agents} agents, faults: {programme.faults}."
        f" {tally.seconds:.0f} s."
    )
    for outcome, number in sorted(tally.outcomes.items()):
        click.echo(f"  {outcome.replace('_', ' ', 1):24} {number:7}")
    click.echo(f"{len(tally.violations)} violation(s) of {len(INVARIANTS)} invariants.")


def _as_json(programme: Programme, seeds: range, tally: Tally) -> dict[str, object]:
    return {
        "seeds": {"first": seeds[0], "last": seeds[-1], "count": tally.seeds},
        "calls": programme.calls * tally.seeds,
        "mails": programme.mails * tally.seeds,
        "shops": [setup.slug for setup in programme.shops],
        "agents": programme.agents,
        "faults": programme.faults,
        "seconds": round(tally.seconds, 1),
        "outcomes": dict(sorted(tally.outcomes.items())),
        "violations": [{"seed": seed} | violation.as_json() for seed, violation in tally.violations],
    }
