"""The promise to call back, on the pages of the call in which it was made and of each attempt to keep it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from nanori.actors import Role
from nanori.context import Context
from nanori.text import phone_for_people
from nanori.words import N_, Words
from telephony.models import Call, Callback
from telephony.values import CallbackState

STATES: Mapping[CallbackState, str] = {
    CallbackState.WAITING: N_("To be called back"),
    CallbackState.CALLING: N_("Waits for an agent who calls back"),
    CallbackState.REACHED: N_("Called back"),
    CallbackState.GIVEN_UP: N_("Not reached; a case was opened"),
    CallbackState.CANCELLED: N_("Not needed any more"),
}


@dataclass(frozen=True, slots=True)
class PromiseView:
    state: str
    detail: str
    phone: str
    cancel_href: str  # empty where nothing can be called off


async def promise_part(
    session: AsyncSession, interaction: Interaction, *, words: Words, context: Context
) -> PromiseView | None:
    """None where no shopper was promised a call."""
    promise: Callback | None = await session.scalar(
        select(Callback)
        .outerjoin(Call, (Call.tenant_id == Callback.tenant_id) & (Call.id == Callback.call_id))
        .where(
            Callback.tenant_id == interaction.tenant_id,
            or_(Callback.asked_in == interaction.id, Call.interaction_id == interaction.id),
        )
        .order_by(Callback.created_at.desc())
        .limit(1)
    )
    if promise is None:
        return None
    may_cancel = promise.state in {CallbackState.WAITING, CallbackState.CALLING} and context.may(
        Role.AGENT, Role.SUPERVISOR
    )
    return PromiseView(
        state=words.gettext(STATES[promise.state]),
        detail=_detail(promise, words, context),
        phone=phone_for_people(promise.phone),
        cancel_href=f"/callbacks/{promise.tenant_id}/{promise.id}/cancellation" if may_cancel else "",
    )


def _detail(promise: Callback, words: Words, context: Context) -> str:
    """How often it was tried, and when it is next."""
    tried = (
        words.gettext(N_("Tried {times} times.")).format(times=promise.attempts) if promise.attempts else ""
    )
    if promise.state is not CallbackState.WAITING:
        return tried
    at = words.moment(promise.due_at, context.zone)
    return f"{tried} {words.gettext(N_('Not before {at}.')).format(at=at)}".strip()
