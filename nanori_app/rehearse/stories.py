"""One interaction as its raw events tell it: for the recount, from rows of the CSV alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MS = timedelta(milliseconds=1)


@dataclass(slots=True, kw_only=True)
class Story:
    """Times are aware; durations whole milliseconds."""

    channel: str
    direction: str
    party: str
    reason: str
    arrived_at: datetime
    number: int
    shopper: str
    kinds: list[str] = field(default_factory=list)
    closed: bool = False
    chose_voicemail: bool = False
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    abandoned_at: datetime | None = None
    replied_at: datetime | None = None
    case: str = ""
    replies: list[datetime] = field(default_factory=list)
    solved: list[datetime] = field(default_factory=list)
    reopened: list[datetime] = field(default_factory=list)
    ended_at: datetime | None = None
    talk: int = 0
    hold: int = 0
    acw: int = 0
    offers: int = 0
    missed: int = 0
    name_confirmed: bool = False
    found: list[str] | None = None  # by the last check
    worked: list[tuple[datetime, int, bool]] = field(default_factory=list)  # ends, ms, with an answer

    @property
    def is_offered(self) -> bool:
        """Entered the queue within opening hours, from a person, and is over."""
        human = self.direction == "inbound" and self.party == "human"
        return human and not self.closed and self.queued_at is not None and self.ended_at is not None

    @property
    def is_answered(self) -> bool:
        return self.is_offered and self.answered_at is not None

    @property
    def is_abandoned(self) -> bool:
        return self.is_offered and self.answered_at is None and self.abandoned_at is not None

    @property
    def waited(self) -> int:
        left = self.answered_at or self.abandoned_at
        return 0 if left is None or self.queued_at is None else max(0, (left - self.queued_at) // MS)

    @property
    def transferred(self) -> bool:
        return "transferred" in self.kinds

    @property
    def escalations(self) -> int:
        return self.kinds.count("escalated")

    @property
    def left_message(self) -> bool:
        return "voicemail_left" in self.kinds

    @property
    def apart(self) -> str:
        """The class of a call that was not offered; "" for an offered one."""
        if self.is_offered:
            return ""
        if self.direction != "inbound":
            return "outbound"
        if self.party != "human":
            return self.party
        if self.ended_at is None:
            return "in_progress"
        return "out_of_hours" if self.closed else self._way_without_queue

    @property
    def _way_without_queue(self) -> str:
        """What greeting and menu led to."""
        if self.answered_at:
            return "connected_directly"
        if "self_served" in self.kinds:
            return "ivr_self_served"
        return "voicemail_before_queue" if self.chose_voicemail else "left_in_guidance"


def story_of(rows: Sequence[Mapping[str, str]]) -> Story:
    """Read one interaction's events in the order of their numbers."""
    first = rows[0]
    story = Story(
        channel=first["channel"],
        direction=first["direction"],
        party=first["party"],
        reason=first["reason"],
        number=int(first["number"]),
        shopper=first["shopper"],
        case=first.get("case", ""),
        arrived_at=datetime.fromisoformat(first["at"]),
    )
    clock = _Clock(story)
    for row in sorted(rows, key=lambda one: int(one["seq"])):
        at, data = datetime.fromisoformat(row["at"]), json.loads(row["data"])
        story.kinds.append(row["kind"])
        story.closed = story.closed or data.get("why") == "out_of_hours"
        story.chose_voicemail = story.chose_voicemail or data.get("why") == "menu_voicemail"
        _note_moment(story, row["kind"], at)
        _note_agents(story, row["kind"], data)
        if row["kind"] == "checked":
            story.found = data["faults"]
        if "worked_ms" in data:
            story.worked.append((at, data["worked_ms"], row["kind"] != "solved"))
        clock.see(row["kind"], at, data)
    return story


def _note_agents(story: Story, kind: str, data: Mapping[str, str]) -> None:
    """Rings of callers, not of colleagues; and the name, which every agent must have confirmed."""
    if "asked" not in data:
        story.offers += kind == "offered"
        story.missed += kind == "offer_missed"
    speaks = kind == "answered" or (kind == "transferred" and data.get("to") == "agent")
    if speaks:
        first = story.kinds.count("answered") == 1 and kind == "answered"
        story.name_confirmed = "confirmed_at" in data and (first or story.name_confirmed)


def _note_moment(story: Story, kind: str, at: datetime) -> None:
    if kind == "queued":
        story.queued_at = story.queued_at or at
    elif kind == "answered":
        story.answered_at = story.answered_at or at
    elif kind == "abandoned":
        story.abandoned_at = at
    elif kind in {"first_reply", "replied"}:
        story.replied_at = story.replied_at or (at if kind == "first_reply" else None)
        story.replies.append(at)
    elif kind == "solved":
        story.solved.append(at)
    elif kind == "reopened":
        story.reopened.append(at)
    elif kind == "ended":
        story.ended_at = at


class _Clock:
    """Adds up talk and hold, and the after-call work of each agent from the moment they let go."""

    ENDS_TALK = frozenset({"queued", "transferred", "ended"})

    def __init__(self, story: Story) -> None:
        self.story = story
        self.doing = ""
        self.since: datetime | None = None
        self.holder: str | None = None
        self.let_go: dict[str, datetime] = {}

    def see(self, kind: str, at: datetime, data: Mapping[str, str]) -> None:
        """One event more."""
        goes_on = kind == "transferred" and data.get("to") == "agent"
        self._time(kind, at, goes_on=goes_on)
        if kind == "wrapped_up":
            self.story.acw += max(0, (at - self.let_go.get(data.get("agent_id", ""), at)) // MS)
        if kind in {"transferred", "ended", "queued"} and self.holder is not None:
            self.let_go[self.holder] = at
            self.holder = None
        if kind == "answered" or goes_on:
            self.holder = data.get("agent_id", "")

    def _time(self, kind: str, at: datetime, *, goes_on: bool) -> None:
        if kind == "answered" or (kind == "resumed" and self.doing == "hold"):
            self._turn("talk", at)
        elif kind == "held" and self.doing == "talk":
            self._turn("hold", at)
        elif kind in self.ENDS_TALK and not goes_on:
            self._turn("", at)

    def _turn(self, to: str, at: datetime) -> None:
        if self.since is not None and self.doing:
            spent = max(0, (at - self.since) // MS)
            if self.doing == "talk":
                self.story.talk += spent
            else:
                self.story.hold += spent
        self.doing, self.since = to, at
