"""Limits of authority in words, the same wherever they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from nanori.words import N_, Words
from tenants.escalation.models import AuthorityLimit


@dataclass(frozen=True, slots=True)
class LimitLine:
    subject: str
    amount: str
    note: str


def limit_lines(limits: Iterable[AuthorityLimit], words: Words) -> list[LimitLine]:
    """What may be decided without asking, and up to which amount."""
    return [LimitLine(one.subject, amount_said(one.amount_yen, words), one.note) for one in limits]


def amount_said(yen: int | None, words: Words) -> str:
    if yen is None:
        return words.gettext(N_("any amount"))
    return words.gettext(N_("up to {amount}"), amount=words.money(yen))
