"""Accounts, from the command line: the first operator of a new installation comes this way."""

import asyncio
import sys
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import click
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from nanori.actors import Role
from nanori.clock import SystemClock
from nanori.db import bind_all_shops
from nanori.identity.commands import add_account, grant
from nanori.settings import LoginKind, Settings
from nanori_app.cli.shared import as_json, migrated_database, print_json, shop_id_of
from nanori_app.errors import Stopped
from nanori_app.leaving import shut_account

SHOP_ROLES = frozenset({Role.AGENT, Role.MERCHANT})


class ShopMissing(Stopped):
    message = "The role {role} is for certain shops: name each with --shop."


class ShopUnwanted(Stopped):
    message = "The role {role} is for all shops: leave --shop out."


class NoMailAddress(Stopped):
    message = "'{login}' is no mail address: {reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """Somebody as the command line describes them."""

    login: str
    name: str
    role: Role
    shops: tuple[str, ...]
    locale: str

    def check(self) -> None:
        """Refuse what the database would refuse, in words."""
        try:
            validate_email(self.login, check_deliverability=False, globally_deliverable=False)
        except EmailNotValidError as problem:
            raise NoMailAddress(login=self.login, reason=problem) from None
        if self.role in SHOP_ROLES and not self.shops:
            raise ShopMissing(role=self.role)
        if self.role not in SHOP_ROLES and self.shops:
            raise ShopUnwanted(role=self.role)


@click.group()
def user() -> None:
    """People who may log in."""


@user.command()
@click.argument("login")
@click.option("--name", required=True, help="The name that others see.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--shop", "shops", multiple=True, help="Short name of a shop; again for each further shop.")
@click.option("--locale", type=click.Choice(["ja", "en"]), default="ja", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@as_json
def add(*, password_stdin: bool, as_json: bool, **facts: Any) -> None:
    """Add an account for LOGIN, a mail address. The password is asked for twice, or read from a pipe."""
    new = NewUser(**facts | {"role": Role(facts["role"])})
    new.check()
    password = _piped_password() if password_stdin else _asked_password()
    with migrated_database() as settings:
        account_id = asyncio.run(_add(settings, new, password=password))
    if as_json:
        print_json({"id": account_id, "login": new.login.lower(), "role": new.role, "shops": list(new.shops)})
    else:
        click.echo(f"{new.login} may log in as {new.role}.")


@user.command()
@click.argument("login")
def disable(login: str) -> None:
    """Shut the account of LOGIN: signed out, no more calls, the number of the own telephone forgotten."""
    with migrated_database() as settings:
        asyncio.run(_disable(settings, login))
    click.echo(f"{login} may not log in any more.")


def _asked_password() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _piped_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


async def _add(settings: Settings, new: NewUser, *, password: str) -> UUID:
    engine = create_async_engine(settings.url_for(LoginKind.STAFF))
    try:
        async with AsyncSession(engine) as session, session.begin():
            account = await add_account(
                session,
                new.login,
                name=new.name,
                password=password,
                locale=new.locale,
                now=SystemClock().now(),
            )
            shops: list[UUID | None] = [await shop_id_of(session, slug) for slug in new.shops]
            for shop_id in shops or [None]:
                await grant(session, account.id, new.role, shop_id=shop_id)
            return account.id
    finally:
        await engine.dispose()


async def _disable(settings: Settings, login: str) -> None:
    engine = create_async_engine(settings.url_for(LoginKind.STAFF))
    try:
        async with AsyncSession(engine) as session, session.begin():
            await bind_all_shops(session)
            await shut_account(session, login, now=SystemClock().now())
    finally:
        await engine.dispose()
