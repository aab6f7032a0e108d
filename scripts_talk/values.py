"""Small facts about talk scripts that need no database."""

from enum import StrEnum


class ScriptState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"  # the shop is asked
    APPROVED = "approved"
    PUBLISHED = "published"
    RETIRED = "retired"


MOVES: dict[ScriptState, frozenset[ScriptState]] = {
    ScriptState.DRAFT: frozenset({ScriptState.SUBMITTED, ScriptState.RETIRED}),
    ScriptState.SUBMITTED: frozenset({ScriptState.APPROVED, ScriptState.DRAFT, ScriptState.RETIRED}),
    ScriptState.APPROVED: frozenset({ScriptState.PUBLISHED, ScriptState.RETIRED}),
    ScriptState.PUBLISHED: frozenset({ScriptState.RETIRED}),
    ScriptState.RETIRED: frozenset(),
}
"""Which states may follow which; the database refuses every other move."""


class Approval(StrEnum):
    """How a shop said yes to a version."""

    PORTAL = "portal"  # there, by somebody of the shop
    RECORDED = "recorded"  # elsewhere; one of us wrote down who and how


class FieldKind(StrEnum):
    """What a captured field holds."""

    TEXT = "text"
    PHONE = "phone"
    ORDER_NUMBER = "order_number"
    POSTAL_CODE = "postal_code"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    AMOUNT = "amount"  # whole yen


class StepKind(StrEnum):
    TALK = "talk"
    OFFER = "offer"  # goods are offered that the caller did not ask for: the gate decides
    CANCELLATION = "cancellation"  # the shop's approved words, read out as they stand


class Situation(StrEnum):
    """What may be true of a call besides its time."""

    AFTER_WAIT = "after_wait"
    OUTSIDE_HOURS = "outside_hours"


class Match(StrEnum):
    """How a branch looks at a captured value."""

    EQUALS = "equals"
    FILLED = "filled"
    AT_LEAST = "at_least"  # amounts only
    BELOW = "below"


class Passage(StrEnum):
    """What the gate says about an offer in a call."""

    OPEN = "open"  # the advertisement showed it
    AS_SOLICITATION = "as_solicitation"  # only with the duties of telephone solicitation
    CLOSED = "closed"


YES, NO = "yes", "no"
END = "end"
"""Where a talk that is over leads to."""
