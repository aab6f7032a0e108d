"""From facts to the board: texts, order, and how much of it is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from desks.values import Presence
from desks.wording import WHY
from nanori.words import DASH, N_, Words
from nanori_app.pages.desk_parts import running
from nanori_app.pages.floor.alarms import URGENT, Alarm, AlarmKind, alarms, level_line, next_alarm_at
from nanori_app.pages.floor.desk_lines import desk_line, level_part
from nanori_app.pages.floor.facts import AgentFacts, CallFacts, DeskFacts, DeskId, FloorFacts
from nanori_app.pages.floor.order import by_need
from nanori_app.pages.floor.parts import (
    AgentChip,
    AgentColumn,
    AlarmLine,
    CallLine,
    FloorView,
    TotalsPart,
)
from nanori_app.pages.floor.words import (
    ALARM_ICONS,
    CALL_ICONS,
    CALL_STATES,
    COLUMNS,
    SEVERAL,
    TITLES,
)
from reports.today import DayCounts
from telephony.values import CallState

DESKS_SHOWN = 40
AGENTS_SHOWN = 24
CALLS_SHOWN = 40
TOGETHER = 2
"""More alarms of one kind than this share a line."""
SHOPS_NAMED = 3
AWAY = (Presence.BREAK, Presence.NOT_READY)


@dataclass(slots=True)
class Board:
    """What the lines of one board have in common."""

    floor: FloorFacts
    words: Words
    raised: Sequence[Alarm]
    desks: dict[DeskId, DeskFacts] = field(init=False)
    names: dict[object, str] = field(init=False)

    def __post_init__(self) -> None:
        self.desks = {desk.key: desk for desk in self.floor.desks}
        self.names = {agent.agent_id: agent.name for agent in self.floor.agents}
        self.names |= {call.agent_id: call.agent for call in self.floor.calls if call.agent_id}

    def say(self, text: str, **values: object) -> str:
        return self.words.gettext(text).format(**values)


def floor_view(floor: FloorFacts, words: Words, *, find: str = "", everything: bool = False) -> FloorView:
    """The board; ``find`` keeps the desks whose shop or name has it, ``everything`` shows all of those."""
    raised = alarms(floor)
    board = Board(floor, words, raised)
    ordered = by_need(floor, raised)
    found = [desk for desk in ordered if _is_found(desk, find)]
    shown = found if everything else found[:DESKS_SHOWN]
    next_at = next_alarm_at(floor)
    return FloorView(
        now=floor.now.isoformat(),
        next_at=next_at.isoformat() if next_at else "",
        totals=totals(floor, words),
        alarms=alarm_lines(board),
        urgent=sum(one.kind in URGENT for one in raised),
        desks=[desk_line(desk, raised, words, floor.now) for desk in shown],
        more_desks=len(found) - len(shown),
        found=len(found),
        find=find,
        all=everything,
        columns=_columns(board),
        at_work=len(floor.agents),
        calls=[_call(board, call) for call in _calls_by_need(floor.calls)[:CALLS_SHOWN]],
        more_calls=max(0, len(floor.calls) - CALLS_SHOWN),
    )


def totals(floor: FloorFacts, words: Words) -> TotalsPart:
    """Figures of the whole floor. Its service level adds up what each contract counts."""
    states = [agent.state for agent in floor.agents]
    since = min((desk.waiting_since for desk in floor.desks if desk.waiting_since), default=None)
    levels = [desk.today.service_level(desk.shop.terms) for desk in floor.desks]
    today = sum((desk.today for desk in floor.desks), start=DayCounts())
    within, base = sum(one.numerator for one in levels), sum(one.denominator or 0 for one in levels)
    promised = sum(level_line(desk) * desk.today.offered for desk in floor.desks)
    line = promised // today.offered if today.offered else 80
    return TotalsPart(
        waiting=str(sum(desk.waiting for desk in floor.desks)),
        longest=running(since, floor.now, words) if since else None,
        ready=str(states.count(Presence.READY)),
        on_calls=str(states.count(Presence.BUSY) + states.count(Presence.RINGING)),
        wrapup=str(states.count(Presence.WRAPUP)),
        away=str(sum(states.count(one) for one in AWAY)),
        level=level_part(within, base, line * 10, words),
        offered=words.number(today.offered),
        lost=words.number(today.offered - today.answered),
        callbacks=str(sum(desk.callbacks for desk in floor.desks)),
    )


def alarm_lines(board: Board) -> list[AlarmLine]:
    """The alarms in their order; many of one kind are one line, and the desks below say which."""
    lines: list[AlarmLine] = []
    for kind, together in groupby(board.raised, key=lambda one: one.kind):
        alike = list(together)
        if kind is not AlarmKind.HELP and len(alike) > TOGETHER:
            lines.append(_several(board, kind, alike))
        else:
            lines += [_alarm(board, one) for one in alike]
    return lines


def _several(board: Board, kind: AlarmKind, alike: Sequence[Alarm]) -> AlarmLine:
    since = min((one.since for one in alike if one.since), default=None)
    shops = dict.fromkeys(
        board.desks[one.desk].shop.name for one in alike if one.desk and one.desk in board.desks
    )
    return AlarmLine(
        key=kind.value, kind=kind.value, is_urgent=kind in URGENT, icon=ALARM_ICONS[kind],
        title=board.say(SEVERAL[kind], n=len(alike)), detail=" · ".join(list(shops)[:SHOPS_NAMED]),
        href="#desks", timer=running(since, board.floor.now, board.words) if since else None,
    )  # fmt: skip


def _alarm(board: Board, alarm: Alarm) -> AlarmLine:
    desk = board.desks.get(alarm.desk) if alarm.desk else None
    subject = alarm.call_id or alarm.agent_id or (alarm.desk[1] if alarm.desk else "")
    return AlarmLine(
        key=f"{alarm.kind}-{subject}",
        kind=alarm.kind.value,
        is_urgent=alarm.kind in URGENT,
        icon=ALARM_ICONS[alarm.kind],
        title=board.say(TITLES[alarm.kind], agent=board.names.get(alarm.agent_id, DASH)),
        detail=_detail(board, alarm, desk),
        href=_where(alarm),
        timer=running(alarm.since, board.floor.now, board.words) if alarm.since else None,
        shop_id=str(desk.shop.tenant_id) if desk else "",
        shop=desk.shop.name if desk else "",
        logo=desk.shop.logo if desk else "",
    )


def _detail(board: Board, alarm: Alarm, desk: DeskFacts | None) -> str:
    if desk is None:
        agent = next((one for one in board.floor.agents if one.agent_id == alarm.agent_id), None)
        why = WHY.get(agent.reason or "") if agent else None
        return board.words.gettext(why) if why else ""
    if alarm.kind is AlarmKind.WAIT:
        return board.say(N_("{desk} · {n} waiting"), desk=desk.name, n=desk.waiting)
    if alarm.kind is AlarmKind.LEVEL:
        level = desk.today.service_level(desk.shop.terms).value or 0
        shown, line = board.words.percent(level / 1000), board.words.percent(level_line(desk) / 100, 0)
        return board.say(N_("{desk} · {level} of {line}"), desk=desk.name, level=shown, line=line)
    return desk.name


def _where(alarm: Alarm) -> str:
    """Where something can be done about it."""
    if alarm.call_id and alarm.desk:
        return f"/floor/calls/{alarm.desk[0]}/{alarm.call_id}"
    if alarm.agent_id:
        return f"/floor/agents/{alarm.agent_id}"
    return f"/floor/desks/{alarm.desk[0]}/{alarm.desk[1]}" if alarm.desk else "/floor"


def _columns(board: Board) -> list[AgentColumn]:
    over = {one.agent_id for one in board.raised if one.agent_id}
    columns = []
    for state, label in COLUMNS.items():
        here = [agent for agent in board.floor.agents if agent.state is state]
        columns.append(
            AgentColumn(
                state=state.value,
                label=board.words.gettext(label),
                count=len(here),
                agents=[_chip(board, agent, over) for agent in here[:AGENTS_SHOWN]],
                more=max(0, len(here) - AGENTS_SHOWN),
            )
        )
    return columns


def _chip(board: Board, agent: AgentFacts, over: Iterable[object]) -> AgentChip:
    desk = board.desks.get(agent.desk) if agent.desk else None
    why = WHY.get(agent.reason or "")
    return AgentChip(
        key=str(agent.agent_id),
        href=f"/floor/agents/{agent.agent_id}",
        name=agent.name,
        note=desk.shop.name if desk else board.words.gettext(why) if why else "",
        timer=running(agent.since, board.floor.now, board.words),
        is_over=agent.agent_id in over,
        shop_id=str(desk.shop.tenant_id) if desk else "",
    )


def _calls_by_need(calls: Iterable[CallFacts]) -> list[CallFacts]:
    """Asks for help first, then the longest."""
    return sorted(calls, key=lambda call: (call.help_asked_at is None, call.since, str(call.call_id)))


def _call(board: Board, call: CallFacts) -> CallLine:
    desk = board.desks.get((call.tenant_id, call.desk_id)) if call.desk_id else None
    shop = desk.shop if desk else next(
        (one.shop for one in board.floor.desks if one.shop.tenant_id == call.tenant_id), None
    )  # fmt: skip
    held = call.state is CallState.HELD and call.held_since
    icon = "phone-outgoing" if call.outbound and call.state is CallState.TALKING else CALL_ICONS[call.state]
    return CallLine(
        key=str(call.call_id),
        href=f"/floor/calls/{call.tenant_id}/{call.call_id}",
        shop_id=str(call.tenant_id),
        shop=shop.name if shop else "",
        logo=shop.logo if shop else "",
        agent=call.agent,
        state=call.state.value,
        label=board.words.gettext(CALL_STATES[call.state]),
        icon=icon,
        timer=running(held or call.since, board.floor.now, board.words),
        is_over=any(one.kind is AlarmKind.TALK and one.call_id == call.call_id for one in board.raised),
        asks_help=call.help_asked_at is not None,
        supervised=call.supervised,
    )


def _is_found(desk: DeskFacts, find: str) -> bool:
    wanted = find.casefold()
    return any(wanted in text.casefold() for text in (desk.shop.name, desk.shop.reading, desk.name))
