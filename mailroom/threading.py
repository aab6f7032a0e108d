"""Does a mail belong to a case that we know? A pure decision, and a strict one.

What was learnt from others' breaches: a number in the subject proves nothing, and whoever knows a
Message-ID that *we* did not make proves nothing either. A stranger must not slip into a
case and have its history sent to them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from mailroom.addresses import normalise


@dataclass(frozen=True)
class Newcomer:
    """The mail that has come in, as far as joining is concerned.

    ``mailbox`` is the shop's address that it was sent to; ``answered_ids`` the Message-IDs that it refers to;
    ``token`` the case token of the address it was sent to, if any; ``authors`` how many addresses From names.
    """

    tenant_id: UUID
    mailbox: str
    author: str
    answered_ids: tuple[str, ...]
    token: str | None = None
    authors: int = 1


@dataclass(frozen=True)
class KnownCase:
    """A case that the mail may belong to, with what proves it.

    ``our_message_ids`` are only those that we made, for this case; ``participants`` only addresses that
    wrote to or were written to in it.
    """

    tenant_id: UUID
    case_id: UUID
    number: int
    mailbox: str
    our_message_ids: frozenset[str]
    participants: frozenset[str]
    token: str | None = None


@dataclass(frozen=True)
class Joining:
    """``case_id`` is the case to join, or None for a new one; ``possibly`` numbers the cases it might
    belong to.
    """

    case_id: UUID | None
    possibly: tuple[int, ...] = ()


def join(mail: Newcomer, cases: Iterable[KnownCase]) -> Joining:
    """Join the case that the mail proves to answer, if its author takes part in it; else open a new one.

    When several cases are proved, the one whose mail is referred to most closely wins.
    """
    proved = sorted((case for case in cases if _proves(mail, case)), key=lambda case: _distance(mail, case))
    for case in proved:
        if mail.authors == 1 and normalise(mail.author) in {
            normalise(address) for address in case.participants
        }:
            return Joining(case.case_id)
    return Joining(None, tuple(dict.fromkeys(case.number for case in proved)))


def _proves(mail: Newcomer, case: KnownCase) -> bool:
    if case.tenant_id != mail.tenant_id or normalise(case.mailbox) != normalise(mail.mailbox):
        return False
    by_token = mail.token is not None and mail.token == case.token
    return by_token or not case.our_message_ids.isdisjoint(mail.answered_ids)


def _distance(mail: Newcomer, case: KnownCase) -> int:
    if mail.token is not None and mail.token == case.token:
        return -1
    return next(
        (index for index, known in enumerate(mail.answered_ids) if known in case.our_message_ids),
        len(mail.answered_ids),
    )
