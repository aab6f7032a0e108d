"""Which desk needs a look first. Pure and steady: rows change places when something happens, not by time."""

from collections.abc import Iterable
from datetime import UTC, datetime

from nanori_app.pages.floor.alarms import URGENT, Alarm
from nanori_app.pages.floor.facts import DeskFacts, DeskId, FloorFacts

NEVER = datetime.max.replace(tzinfo=UTC)


def by_need(floor: FloorFacts, raised: Iterable[Alarm]) -> list[DeskFacts]:
    """Urgent alarms, then other alarms, then who has waited longest; open desks before closed ones.

    Equals stand in the order of the shops' readings, so that a quiet floor is a list that one knows by heart.
    """
    worst: dict[DeskId, int] = {}
    for alarm in raised:
        if alarm.desk is not None:
            worst[alarm.desk] = max(worst.get(alarm.desk, 0), 2 if alarm.kind in URGENT else 1)

    def place(desk: DeskFacts) -> tuple[object, ...]:
        return (
            -worst.get(desk.key, 0),
            desk.waiting_since or NEVER,
            not desk.is_open,
            desk.shop.reading,
            str(desk.shop.tenant_id),
            desk.name,
            str(desk.desk_id),
        )

    return sorted(floor.desks, key=place)
