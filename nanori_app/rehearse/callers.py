"""What callers do: dial, wait as long as they like, talk, speak after the tone, hang up."""

from nanori_app.rehearse.floor import Acting, Floor
from nanori_app.rehearse.piece import CallPart
from nanori_app.rehearse.setting import StagedShop
from nanori_app.rehearse.telephones import TELEPHONES
from telephony.adapters.simulator.legs import Leg

LOOK = 0.5
PRESSES_AFTER = 2.0
LONGEST_WAIT_FOR_AGENT = 180.0
"""A caller whom the agent should send off hangs up after so long a while more."""


async def call(floor: Floor, part: CallPart) -> Acting:
    """One call from dialling to the end."""
    shop = floor.shops[part.shop]
    for person, answering in zip(shop.setup.contacts, part.on_duty, strict=False):
        floor.simulator.settings.endpoints[person.phone] = TELEPHONES[answering]
    sid = floor.simulator.place_call(
        part.caller, shop.setup.numbers[0], presses=_keys(part, shop), speaks_seconds=part.speaks
    )
    floor.seen.callers[sid] = part
    if part.wants_callback:
        floor.seen.promised[part.caller] = part
    caller = floor.simulator.leg(sid)
    waited = 0.0
    while not caller.is_over and not floor.is_connected(caller):
        if _hears_the_tone(caller):
            if not part.speaks:
                floor.simulator.hang_up(sid)
            return
        if waited >= part.patience:
            floor.simulator.hang_up(sid)
            return
        yield LOOK
        waited += LOOK
    if caller.is_over:
        return
    yield part.talks + (LONGEST_WAIT_FOR_AGENT if part.agent_hangs_up else 0.0)
    floor.simulator.hang_up(sid)


def _keys(part: CallPart, shop: StagedShop) -> list[tuple[str, float]]:
    """What is pressed at each question: the menu's first, then that of the music."""
    keys = [(key, PRESSES_AFTER) for key in part.menu_keys] if shop.has_menu else []
    return [*keys, ("1", PRESSES_AFTER)] if part.wants_callback else keys


def _hears_the_tone(caller: Leg) -> bool:
    return caller.interpreter is not None and caller.interpreter.is_recording
