"""Somebody who works here no more."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from nanori.identity.commands import disable_account
from nanori.identity.queries import account_by_login
from nanori_app.errors import Stopped
from telephony.commands.availability import leaves_for_good


class NoSuchAccount(Stopped):
    message = "There is no account with the mail address '{login}'."


async def shut_account(session: AsyncSession, login: str, *, now: datetime) -> None:
    """Nobody signs in with this account any more, nothing rings for it, and its own telephone is forgotten.

    What the person has done stays in the log. Repeatable; the session is bound to every shop.

    Raises:
        NoSuchAccount: nobody has this mail address.
    """
    account = await account_by_login(session, login)
    if account is None:
        raise NoSuchAccount(login=login)
    await disable_account(session, account.id, now=now)
    await leaves_for_good(session, account.id, now=now)
