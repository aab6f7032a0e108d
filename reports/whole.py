"""Mails and their parts: a mail that was split because it held two questions came once. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reports.facts import MailFact, Period


def received(mails: Iterable[MailFact], period: Period) -> list[MailFact]:
    """Mails that came in the period; a part of one did not come."""
    return [one for one in mails if one.part_of is None and period.contains(one.received_at)]


def contacts_by_mail(mails: Sequence[MailFact], period: Period) -> list[MailFact]:
    """The same, each with its parts: passed on when one of them was, open as long as one of them is."""
    parts: dict[int, list[MailFact]] = {}
    for one in mails:
        if one.part_of is not None:
            parts.setdefault(one.part_of, []).append(one)
    return [_whole(one, parts.get(one.number, [])) for one in received(mails, period)]


def matters_in(mails: Iterable[MailFact]) -> list[MailFact]:
    """Mails, and their parts that have another reason: about one reason a shopper wrote once."""
    told: dict[tuple[int, str | None], MailFact] = {}
    for one in sorted(mails, key=lambda fact: fact.number):
        told.setdefault((one.part_of or one.number, one.reason), one)
    return list(told.values())


def _whole(mail: MailFact, parts: Sequence[MailFact]) -> MailFact:
    if not parts:
        return mail
    every = [mail, *parts]
    is_open = any(one.outcome is None for one in every)
    return replace(
        mail, escalated=any(one.escalated for one in every), outcome=None if is_open else mail.outcome
    )
