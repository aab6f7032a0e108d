"""Calls that the agent makes: from which numbers, whom, and how one came out that reached nobody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction, InteractionEvent
from interactions.values import Direction, EventKind
from interactions.wording import event_in
from nanori.text import phone_for_people
from nanori.words import Words
from nanori_app.pages import desk_reads
from nanori_app.pages.desk_parts import CallFrom, CallOut, ShopPart
from nanori_app.pages.desk_reads import InHand
from telephony.queries import call_of_interaction


def call_out(shops: Iterable[ShopPart], numbers: Mapping[UUID, str]) -> CallOut:
    """Every shop of the agent's that has a number to call from."""
    return CallOut(
        shops=[
            CallFrom(shop=shop, number=phone_for_people(numbers[shop.tenant_id]))
            for shop in shops
            if shop.tenant_id in numbers
        ]
    )


async def filled_in(session: AsyncSession, form: CallOut, about: str) -> CallOut:
    """The form for the shopper of ``<shop>.<interaction>``; as it was for what the agent may not see."""
    shop_id, _, interaction_id = about.partition(".")
    try:
        key = (UUID(shop_id), UUID(interaction_id))
    except ValueError:
        return form
    interaction = await session.get(Interaction, key)
    if interaction is None:
        return form
    name, phone = await desk_reads.shopper_name(session, interaction) or ("", None)
    call = await call_of_interaction(session, *key)
    number = (call.from_number if call else None) or phone
    return replace(
        form, shop_id=key[0], about=str(key[1]), name=name, to=phone_for_people(number) if number else ""
    )


def is_ours(hand: InHand) -> bool:
    """Is it we who call, and is the shopper not on the line yet?"""
    return hand.call.direction is Direction.OUTBOUND and hand.call.caller_joined_at is None


def not_reached(events: Sequence[InteractionEvent], words: Words) -> str:
    """Why nobody was reached; empty for every other call."""
    told = (
        event_in(words, event.kind, event.data, {}) for event in events if event.kind is EventKind.NOT_REACHED
    )
    return next(told, "")
