"""``nanori staffing``: how many people so many calls need, and what one fewer does. No database."""

import math
import re
from typing import Any

import click

from desks.staffing.curve import cliff
from desks.staffing.erlang import MOST_AGENTS, Load, Outlook, outlook, rostered, seats_needed
from nanori_app.cli.shared import as_json, print_json
from nanori_app.errors import Stopped

SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}


class NoSeatsEnough(Stopped):
    message = "Not even {most} agents answer {target:g} % of these calls within {within:g} s."


class Duration(click.ParamType[float]):
    """A time such as 90, 90s, 30m or 1h, in seconds."""

    name = "time"

    def __init__(self, *, may_be_nothing: bool = False) -> None:
        self._least = 0.0 if may_be_nothing else math.ulp(0.0)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", str(value).strip())
        seconds = float(found[1]) * SECONDS[found[2]] if found else -1.0
        if seconds < self._least:
            self.fail(f"'{value}' must be a time such as 90s, 30m or 1h", param, ctx)
        return seconds


@click.command()
@click.option("--calls", type=click.FloatRange(min=0), required=True, help="Calls in one interval.")
@click.option("--interval", type=Duration(), default="30m", show_default=True)
@click.option("--aht", type=Duration(), required=True, help="Talk and after-call work of one call.")
@click.option("--agents", type=click.IntRange(1, MOST_AGENTS), help="Without it the seats needed are told.")
@click.option("--target", type=click.FloatRange(0, 100, max_open=True), default=80.0, show_default=True,
              help="Per cent of the calls to be answered in time.")  # fmt: skip
@click.option("--within", type=Duration(may_be_nothing=True), default="20s", show_default=True)
@click.option("--patience", type=Duration(), help="After which callers give up, in the mean (Erlang A).")
@click.option("--shrinkage", type=click.FloatRange(0, 100, max_open=True), default=0.0, show_default=True,
              help="Per cent of the paid time away: breaks, training, leave.")  # fmt: skip
@as_json
def staffing(  # noqa: PLR0913 - one for each option
    *, calls: float, interval: float, aht: float, agents: int | None, target: float, within: float,
    patience: float | None, shrinkage: float, as_json: bool,
) -> None:  # fmt: skip
    """Seats that so many calls need.

    With --agents: what so many achieve. By Erlang C; by Erlang A where callers lose --patience.
    """
    load = Load(calls=calls, interval=interval, handling=aht, patience=patience)
    seats = agents or seats_needed(load, within=within, target=target / 100)
    if seats is None:
        raise NoSeatsEnough(most=MOST_AGENTS, target=target, within=within)
    found, planned = outlook(load, seats, within=within), rostered(seats, shrinkage / 100)
    if as_json:
        print_json(_as_dict(load, found, planned))
        return
    line = "Erlang C" if patience is None else f"Erlang A, patience {patience:g} s"
    click.echo(f"{calls:g} calls in {interval:g} s of {aht:g} s each: {load.traffic:.2f} erlang ({line})")
    click.echo(f"{seats} agents at their seats, {planned} to plan for with {shrinkage:g} % away")
    click.echo(f"\n agents  within {within:g} s   mean answer   must wait   occupied   give up")
    for one in cliff(load, seats, within=within):
        click.echo(_row(one, chosen=one.agents == seats))


def _row(one: Outlook, *, chosen: bool) -> str:
    answer = (
        "never ends" if math.isinf(one.average_speed_of_answer) else f"{one.average_speed_of_answer:.1f} s"
    )
    return (
        f"{'>' if chosen else ' '}{one.agents:6d}  {one.service_level:10.1%}  {answer:>12}  "
        f"{one.wait_probability:10.1%}  {one.occupancy:9.1%}  {one.abandoned:8.1%}"
    )


def _as_dict(load: Load, one: Outlook, planned: int) -> dict[str, object]:
    endless = math.isinf(one.average_speed_of_answer)
    return {
        "traffic_erlangs": load.traffic,
        "agents": one.agents,
        "rostered_agents": planned,
        "wait_probability": one.wait_probability,
        "service_level": one.service_level,
        "average_speed_of_answer_seconds": None if endless else one.average_speed_of_answer,
        "occupancy": one.occupancy,
        "abandonment": one.abandoned,
    }
