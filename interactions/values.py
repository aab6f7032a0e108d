"""Words of the log: outcomes, event kinds, states."""

from enum import StrEnum


class Channel(StrEnum):
    PHONE = "phone"
    MAIL = "mail"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class PartyKind(StrEnum):
    """Whether a person, a machine or a test was at the other end (domain.md 1.2 ``actor_type``)."""

    HUMAN = "human"
    BOT = "bot"
    TEST = "test"


class Outcome(StrEnum):
    """How an interaction came out; open ones have none."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    OUT_OF_HOURS = "out_of_hours"
    VOICEMAIL = "voicemail"
    OVERFLOW = "overflow"
    IVR_SELF_SERVED = "ivr_self_served"
    BLOCKED = "blocked"
    TEST = "test"
    SYSTEM_FAULT = "system_fault"
    REPLIED = "replied"
    NO_ACTION = "no_action"
    CALLBACK = "callback"  # left the queue for our call
    NOT_REACHED = "not_reached"  # an outbound call that nobody took


class EventKind(StrEnum):
    """What can happen to an interaction (model.md 2). Figures come from these and nothing else."""

    ARRIVED = "arrived"
    GUIDANCE_ENDED = "guidance_ended"
    QUEUED = "queued"
    OFFERED = "offered"
    OFFER_MISSED = "offer_missed"
    ANSWERED = "answered"
    HELD = "held"
    RESUMED = "resumed"
    CONSULTED = "consulted"
    TRANSFERRED = "transferred"
    CONNECTED_CONTACT = "connected_contact"
    LEFT_QUEUE = "left_queue"
    ABANDONED = "abandoned"
    VOICEMAIL_LEFT = "voicemail_left"
    SELF_SERVED = "self_served"  # the menu gave the answer
    CALLBACK_REQUESTED = "callback_requested"
    DIALLED = "dialled"  # outbound: the shopper's telephone
    NOT_REACHED = "not_reached"
    CONSULT_JOINED = "consult_joined"
    CONSULT_LEFT = "consult_left"
    RECORDING_STARTED = "recording_started"
    RECORDING_PAUSED = "recording_paused"
    RECORDING_RESUMED = "recording_resumed"
    HELP_ASKED = "help_asked"
    SUPERVISED = "supervised"  # a supervisor listened, whispered or barged in
    ENDED = "ended"
    WRAPPED_UP = "wrapped_up"
    RECEIVED = "received"
    FIRST_REPLY = "first_reply"
    REPLIED = "replied"
    AUTO_REPLIED = "auto_replied"
    ESCALATED = "escalated"
    ESCALATION_ACKNOWLEDGED = "escalation_acknowledged"
    CLIENT_ANSWERED = "client_answered"
    SNOOZED = "snoozed"
    REOPENED = "reopened"
    SOLVED = "solved"
    SPLIT_FROM = "split_from"
    SPLIT_INTO = "split_into"
    MERGED_INTO = "merged_into"
    MERGE_UNDONE = "merge_undone"
    REASON_CHANGED = "reason_changed"
    CHECKED = "checked"  # a supervisor heard or read it afterwards
    SURVEY_ASKED = "survey_asked"  # the answer that settled the matter asked for a score
    SURVEY_ANSWERED = "survey_answered"


class Fault(StrEnum):
    """What a check of a call may find. One is enough to fail its class (domain.md 1.3)."""

    NAME = "name"  # the shop was named wrongly, or not at all
    CUSTOMER = "customer"
    BUSINESS = "business"
    COMPLIANCE = "compliance"


class CaseState(StrEnum):
    OPEN = "open"  # 未対応
    PENDING = "pending"  # 保留
    DONE = "done"  # 対応完了
    NO_ACTION = "no_action"  # 対応不要
    JOINED = "joined"  # 統合済み: it goes on in another case


class HandleKind(StrEnum):
    """How a shopper is recognised, inside one shop only."""

    PHONE = "phone"
    MAIL = "mail"


class RunState(StrEnum):
    """An escalation run."""

    RUNNING = "running"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    EXHAUSTED = "exhausted"


class AttemptState(StrEnum):
    """One try to reach one contact. Only ``accepted`` ever connects anybody."""

    CALLING = "calling"
    ACCEPTED = "accepted"
    FAILED = "failed"
