"""Ask for a change, and answer it. They flush and never commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import live
from nanori.errors import InvalidInput, NotFound, Rejected
from nanori.words import N_
from tenants.wishes.models import ShopWish, WishKind, WishState

LONGEST = 2000
SHOWN = 20


class WishNotFound(NotFound):
    """No such wish among the shops bound."""


class WishAnswered(Rejected):
    message = N_("This wish has been answered already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """``holds_from``: the first day on which the change is to be in force."""

    kind: WishKind
    text: str
    holds_from: date | None


async def ask_for(
    session: AsyncSession, tenant_id: UUID, wish: Wish, *, today: date, now: datetime
) -> ShopWish:
    """Put a wish to the desk and the person responsible for it.

    Raises:
        InvalidInput: nothing is wished for, or for a day that has passed.
    """
    wrong = {}
    if not wish.text:
        wrong["text"] = N_("Please write what should be different.")
    if wish.holds_from is None:
        wrong["holds_from"] = N_("Please give the first day on which it should hold.")
    elif wish.holds_from < today:
        wrong["holds_from"] = N_("This day has passed already.")
    if wrong or wish.holds_from is None:
        raise InvalidInput(wrong)
    asked = ShopWish(
        tenant_id=tenant_id, id=uuid7(), kind=wish.kind, text=wish.text[:LONGEST],
        holds_from=wish.holds_from, asked_at=now, state=WishState.ASKED,
    )  # fmt: skip
    session.add(asked)
    await session.flush()
    await live.announce(session, "floor", "wish", shop=tenant_id)
    return asked


async def answer_wish(
    session: AsyncSession, tenant_id: UUID, wish_id: UUID, *, is_done: bool, answer: str, now: datetime
) -> None:
    """The responsible person's word.

    Raises:
        WishNotFound, WishAnswered: there is nothing to answer.
        InvalidInput: a no without a reason.
    """
    wish = await session.get(ShopWish, (tenant_id, wish_id), with_for_update=True)
    if wish is None:
        raise WishNotFound
    if wish.state is not WishState.ASKED:
        raise WishAnswered
    if not is_done and not answer:
        raise InvalidInput({"answer": N_("Please say why not.")})
    wish.state = WishState.DONE if is_done else WishState.DECLINED
    wish.answer, wish.decided_at = answer[:LONGEST], now
    await session.flush()
    await live.announce(session, f"shop:{tenant_id}", "wish", shop=tenant_id)


async def wishes(
    session: AsyncSession, *, are_open: bool, limit: int = SHOWN, of: UUID | None = None
) -> Sequence[ShopWish]:
    """Of the shops bound, or of one: those that wait, the oldest first; or the answered, the newest first."""
    one = ShopWish
    asked = select(one).where((one.state == WishState.ASKED) == are_open)
    if of is not None:
        asked = asked.where(one.tenant_id == of)
    order = (one.asked_at, one.id) if are_open else (one.decided_at.desc(), one.id)
    return (await session.scalars(asked.order_by(*order).limit(limit))).all()
