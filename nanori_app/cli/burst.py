"""``nanori rehearse --scenario burst``: one shop is on television, what becomes of the others."""

import asyncio
import time

import click

from nanori_app.cli.shared import print_json
from nanori_app.rehearse.burst.load import LOADS, Load
from nanori_app.rehearse.burst.seeds import MOST_ASTRAY, MOST_POINTS, Mean, Outcome, play_seeds

BURST = "burst"
BURST_SEEDS = 20


def play_burst(first: int, seeds: int, *, as_json: bool) -> int:
    """Play each load with ``seeds`` seeds from ``first`` on. 1 when the others suffer or theory is missed."""
    outcomes = []
    for load in LOADS:
        started = time.monotonic()
        outcome = asyncio.run(play_seeds(load, range(first, first + seeds)))
        outcomes.append(outcome)
        if not as_json:
            _tell(outcome, seconds=time.monotonic() - started)
    if as_json:
        print_json({"scenario": BURST, "loads": [one.as_json() for one in outcomes]})
    return 0 if all(one.holds for one in outcomes) else 1


def _tell(outcome: Outcome, *, seconds: float) -> None:
    load, seeds = outcome.load, outcome.seeds
    within = f"answered within {load.target:.0f} s"
    click.echo(
        f"{load.burst_calls} calls in {load.burst_lasts:.0f} s for one shop; {load.says}; "
        f"{load.agents} agents, patience {load.patience:.0f} s. "
        f"{len(seeds)} seeds from {seeds[0].seed} on, {seconds:.0f} s."
    )
    click.echo(f"  others {within}, without the burst {_said(Mean.of([one.without for one in seeds]))} %")
    click.echo(f"  with it                             {_said(Mean.of([one.with_burst for one in seeds]))} %")
    click.echo(f"  first come, first served            {_said(Mean.of([one.first_come for one in seeds]))} %")
    worst = max(one.points for one in seeds)
    click.echo(
        f"  they lose {_said(outcome.points)} points, the worst seed {worst:.1f}; "
        f"at most {MOST_POINTS:.0f} in the mean: {_verdict(outcome.points.mean <= MOST_POINTS)}"
    )
    click.echo(
        f"  the burst waits {_said(outcome.waited, 0)} caller seconds, {_theory(load)} says "
        f"{outcome.expected:.0f} ({outcome.astray:+.1%}; at most {MOST_ASTRAY:.0%}): "
        f"{_verdict(abs(outcome.astray) <= MOST_ASTRAY)}"
    )


def _theory(load: Load) -> str:
    return f"M/M/c with impatience (mean patience {load.patience:.0f} s)"


def _said(mean: Mean, digits: int = 1) -> str:
    return f"{mean.mean:.{digits}f} [{mean.low:.{digits}f}, {mean.high:.{digits}f}]"


def _verdict(holds: bool) -> str:
    return "holds" if holds else "VIOLATED"
