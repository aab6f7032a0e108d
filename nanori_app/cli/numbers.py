"""Telephone numbers, from the command line: what we have, what there is, buying, setting up, giving back."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from nanori.installation import Installation
from nanori.settings import load_settings
from nanori_app import numbers as lines
from nanori_app.cli.shared import as_json, migrated_database, print_json, shop_id_of
from nanori_app.errors import Stopped
from nanori_app.numbers import Line
from nanori_app.wiring import connected
from telephony import twiml
from telephony.carrier_errors import CarrierError, CarrierUnknown
from telephony.ports import NUMBERS, NumberKind
from telephony.urls import Urls

T = TypeVar("T")
WIDEST = 16


class CarrierSays(Stopped):
    message = "The carrier refuses: {reason}"


class CarrierSilent(Stopped):
    message = "The carrier does not answer, and may have done it or not. See: nanori numbers list"


class E164(click.ParamType[str]):
    """A number as the carrier writes it."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        number = str(value)
        if not (number.startswith("+") and number[1:].isdecimal() and 8 <= len(number) <= WIDEST):  # noqa: PLR2004 - the shortest E.164
            self.fail(f"'{number}' must be written like +815031960001", param, ctx)
        return number


@click.group()
def numbers() -> None:
    """Telephone numbers at the carrier and at the shops."""


@numbers.command("list")
@as_json
def list_numbers(*, as_json: bool) -> None:
    """List all our and all shops' numbers, and their state."""
    found = _run(lines.listed)
    if as_json:
        print_json({"numbers": [_as_dict(line) for line in found]})
        return
    if not found:
        click.echo("There is no number yet. See what there is: nanori numbers available")
    for line in found:
        until = f"  until {line.free_at:%Y-%m-%d}" if line.free_at else ""
        click.echo(f"{line.number.ljust(WIDEST)}  {line.state.value.ljust(10)}  {line.shop}{until}".rstrip())


@numbers.command()
@click.option("--kind", type=click.Choice([kind.value for kind in NumberKind]), default="national")
@click.option("--country", default="JP", show_default=True, help="Two letters.")
@click.option("--contains", default="", help="Digits to look for; * stands for any.")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@as_json
def available(*, kind: str, country: str, contains: str, limit: int, as_json: bool) -> None:
    """Show numbers that can be bought."""
    found = _run(
        lambda house: house.port(NUMBERS).available(
            country=country, kind=NumberKind(kind), contains=contains, limit=limit
        )
    )
    if as_json:
        print_json({"numbers": found})
    else:
        click.echo("\n".join(found) or "There is none like that.")


@numbers.command()
@click.argument("number", type=E164())
@click.option("--shop", required=True, help="Short name of the shop that is called under it.")
@click.option("--bundle", default="", help="BU…: the regulatory papers, where the country asks for them.")
@click.option("--address", default="", help="AD…: the address, where the country asks for one.")
@as_json
def buy(*, number: str, shop: str, bundle: str, address: str, as_json: bool) -> None:
    """Buy NUMBER for a shop, set up at once. It costs money every month."""

    async def deed(house: Installation) -> None:
        async with house.staff() as session:
            shop_id = await shop_id_of(session, shop)
        await lines.buy(
            house, number, shop_id=shop_id, bundle_sid=bundle, address_sid=address, now=house.clock.now()
        )

    _run(deed)
    _tell({"number": number, "shop": shop}, f"{number} rings for {shop}.", as_json=as_json)


@numbers.command()
@click.argument("number", type=E164(), nargs=-1)
@as_json
def configure(*, number: tuple[str, ...], as_json: bool) -> None:
    """Set up each NUMBER, or all of them.

    Run it after a change of NANORI_PUBLIC_URL or NANORI_TWILIO_FALLBACK_URL.
    """
    changed = _run(lambda house: lines.configure(house, list(number)))
    said = "\n".join(f"{one} is set up." for one in changed) or "Everything was set up already."
    _tell({"configured": changed}, said, as_json=as_json)


@numbers.command()
@click.argument("number", type=E164())
@click.option("--to-carrier", is_flag=True, help="Give it back to the carrier: it is lost.")
@click.option("--now", "even_in_quarantine", is_flag=True, help="Do not wait for the end of the quarantine.")
@as_json
def release(*, number: str, to_carrier: bool, even_in_quarantine: bool, as_json: bool) -> None:
    """Take NUMBER from its shop. It rings for no other shop until its quarantine is over."""
    if to_carrier:
        _run(
            lambda house: lines.give_back(
                house, number, even_in_quarantine=even_in_quarantine, now=house.clock.now()
            )
        )
        _tell({"number": number, "released": True}, f"{number} is the carrier's again.", as_json=as_json)
        return
    line = _run(lambda house: lines.take_from_shop(house, number, now=house.clock.now()))
    said = f"{number} rings for nobody; another shop can have it from {_day(line.free_at)} on."
    _tell(_as_dict(line), said, as_json=as_json)


@numbers.command()
@click.argument("number", type=E164(), nargs=-1)
@click.option("--out", "take_out", is_flag=True, help="Take each NUMBER out of the pool.")
@as_json
def pool(*, number: tuple[str, ...], take_out: bool, as_json: bool) -> None:
    """Put each NUMBER into the pool of seasonal desks; without NUMBER show which are spare."""
    found = _run(lambda house: lines.pool(house, list(number), take_out=take_out, now=house.clock.now()))
    said = "\n".join(found) or "No number in the pool is spare."
    _tell({"spare": found}, said, as_json=as_json)


@click.command("fallback-document")
@click.option("--duty-phone", type=E164(), default=None, help="Rung before a message is taken.")
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.")
def fallback_document(*, duty_phone: str | None, out: Path | None) -> None:
    """Print what callers hear when we are away.

    Put it on another host, set NANORI_TWILIO_FALLBACK_URL to it, then run: nanori numbers configure
    """
    text = twiml.fallback(Urls(load_settings().public_url).fallback_message, duty_phone=duty_phone or "")
    if out is None:
        click.echo(text)
    else:
        out.write_text(text, encoding="utf-8")


def _run(deed: Callable[[Installation], Awaitable[T]]) -> T:
    """One deed over the installation of the environment; the carrier's refusals become sentences."""

    async def run() -> T:
        house = connected(settings)
        try:
            return await deed(house)
        except CarrierUnknown as silence:
            raise CarrierSilent from silence
        except CarrierError as refusal:
            raise CarrierSays(reason=refusal) from refusal
        finally:
            await house.close()

    with migrated_database() as settings:
        return asyncio.run(run())


def _tell(facts: dict[str, object], said: str, *, as_json: bool) -> None:
    if as_json:
        print_json(facts)
    else:
        click.echo(said)


def _as_dict(line: Line) -> dict[str, object]:
    return {"number": line.number, "state": line.state.value, "shop": line.shop, "free_at": line.free_at}


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
