"""A desk's menu: the caller presses a key, and goes on to an agent, a machine or the answer itself.

Silence and a wrong key hear the menu again; whoever cannot use it comes to the desk's queue after all.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk, MenuOption
from desks.values import DeskState, MenuAction
from interactions import commands as log
from interactions.values import EventKind
from nanori.actors import CARRIER, SHOPPER
from telephony import twiml
from telephony.commands.callers import Line
from telephony.values import CallState

TIMES = 3
"""How often the menu is read out before the caller is put through without it."""
AFTER_ANSWER = TIMES + 1
"""The step in which a caller who has heard the answer may still ask for a person."""
PERSON = "0"


async def choose(session: AsyncSession, line: Line, *, step: int, digits: str, now: datetime) -> str:
    """The caller pressed a key, or none ("") until the menu was over. ``step`` counts the readings."""
    call = line.call
    if call.state is not CallState.GREETING or call.desk_id is None:
        return twiml.hang_up()
    if step >= AFTER_ANSWER:
        if digits == PERSON:
            return _into_queue(line)
        return twiml.say_and_hang_up(line.speaker, line.speaker.goodbye())
    desk = await session.get_one(Desk, (call.tenant_id, call.desk_id))
    options = await options_of(session, desk)
    chosen = next((option for option in options if option.digit == digits), None)
    if chosen is not None:
        return await _go_on(session, line, chosen, now=now)
    if step < TIMES and options:
        said = [line.speaker.wrong_key()] if digits else []
        return twiml.menu(
            line.speaker, line.urls, call.id, said=said, prompt=desk.menu_prompt, step=step + 1
        )  # fmt: skip
    return _into_queue(line)


async def options_of(session: AsyncSession, desk: Desk) -> Sequence[MenuOption]:
    """The keys of a desk's menu in their order; none where there is no menu."""
    if not desk.menu_prompt:
        return []
    found = await session.scalars(
        select(MenuOption)
        .where(MenuOption.tenant_id == desk.tenant_id, MenuOption.desk_id == desk.id)
        .order_by(MenuOption.digit)
    )
    return found.all()


async def _go_on(session: AsyncSession, line: Line, chosen: MenuOption, *, now: datetime) -> str:
    call = line.call
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    if chosen.action is MenuAction.SAY:
        await log.record(
            session, interaction, EventKind.SELF_SERVED, actor=CARRIER, at=now, key=chosen.digit
        )  # fmt: skip
        return twiml.menu_answer(line.speaker, line.urls, call.id, said=chosen.said, step=AFTER_ANSWER)
    why = "menu_voicemail" if chosen.action is MenuAction.VOICEMAIL else None
    await log.record(
        session, interaction, EventKind.GUIDANCE_ENDED, actor=SHOPPER, at=now, key=chosen.digit, why=why
    )
    if chosen.action is MenuAction.VOICEMAIL:
        call.state = CallState.VOICEMAIL
        await session.flush()
        return twiml.voicemail(line.speaker, line.urls, call.id, said=chosen.said)
    if chosen.to_desk_id is not None:
        there = await session.get(Desk, (call.tenant_id, chosen.to_desk_id))
        if there is not None and there.state is DeskState.OPEN:
            call.desk_id = interaction.desk_id = there.id
            await session.flush()
    return _into_queue(line, chosen.said)


def _into_queue(line: Line, *said: str) -> str:
    call = line.call
    if call.desk_id is None:
        return twiml.sorry()
    return twiml.into_queue(
        line.speaker, line.urls, call.id, desk_id=call.desk_id, turn=call.turn,
        said=[sentence for sentence in said if sentence],
    )  # fmt: skip
