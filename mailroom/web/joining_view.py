"""What joining and splitting do, in words, before anybody does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from interactions.cases import LIVE
from interactions.models import Case
from interactions.values import CaseState
from mailroom.matters import Contents
from mailroom.web.view import STATES
from nanori.context import Context
from nanori.words import N_, Words, words_for
from tenants.models import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCase:
    """A case that may be chosen to join this one into."""

    id: UUID
    number: int
    subject: str
    state: tuple[str, str]
    opened: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The case that stays, and what will be."""

    id: UUID
    number: int
    subject: str
    lines: Sequence[str]
    warnings: Sequence[str]
    has_page: bool  # of mails: this case could be joined into that one or the other way round


def found_case(case: Case, shop: Tenant, context: Context) -> FoundCase:
    words = words_for(context.locale)
    return FoundCase(
        id=case.id, number=case.number, subject=case.subject or words.gettext(N_("(no subject)")),
        state=STATES[case.state], opened=words.day(case.opened_at, shop.zone),
    )  # fmt: skip


def preview(
    case: Case, into: Case, contents: Contents, there: Contents, *, held_by: str, words: Words
) -> Preview:
    """``held_by``: who is answering the other case, "" nobody."""
    say = words.gettext
    both = {"number": case.number, "into": into.number}
    lines = [
        say(N_("No. {number} is closed and goes on in No. {into}; it is read there."), **both),
        say(
            N_("It brings its notes, {mails} and {calls}."),
            mails=words.ngettext("one mail", "{n} mails", contents.mails),
            calls=words.ngettext("one call", "{n} calls", contents.calls),
        ),
        say(N_("What is written in answer to No. {number} from now on comes to No. {into}."), **both),
    ]  # fmt: skip
    if case.state in LIVE and into.state not in LIVE:
        lines.append(say(N_("No. {into} was settled and is open again."), **both))
    elif case.state is CaseState.OPEN:
        lines.append(say(N_("One answer in No. {into} answers what is open in both."), **both))
    lines.append(say(N_("Mails that came stay counted as received; the two count as one matter.")))
    lines.append(say(N_("It can be undone at any time.")))
    return Preview(
        id=into.id,
        number=into.number,
        subject=into.subject or say(N_("(no subject)")),
        lines=lines,
        warnings=_warnings(contents, there, held_by, into, words),
        has_page=there.mails > 0,
    )


def _warnings(contents: Contents, there: Contents, held_by: str, into: Case, words: Words) -> list[str]:
    found = []
    if contents.writers and there.writers and contents.writers[0] not in there.writers:
        found.append(
            words.gettext(
                N_("Different people wrote: {one} and {other}. An answer goes to whoever wrote last only."),
                one=contents.writers[0], other=there.writers[0],
            )
        )  # fmt: skip
    if held_by:
        found.append(
            words.gettext(
                N_("{name} is answering No. {into} and will be asked to look again before sending."),
                name=held_by, into=into.number,
            )
        )  # fmt: skip
    return found
