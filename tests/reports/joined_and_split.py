"""Cases of October that are joined, parted and split, through the rooms' own commands."""

from datetime import date, datetime
from uuid import UUID

from interactions import commands as log
from interactions.cases import close_case, open_case
from interactions.joins import join_cases, locked_pair, undo_join
from interactions.models import Case, CaseJoin, Interaction, Reason
from interactions.splits import open_part
from interactions.values import CaseState, EventKind, HandleKind, Outcome
from tests.reports.logged import ShopLog
from tests.reports.months import at


def on(day: int, hour: int, month: int = 10) -> datetime:
    return at(date(2026, month, day), hour)


class Cases:
    """One shopper's letters, each in a case of its own."""

    def __init__(self, book: ShopLog, shopper_id: UUID, reasons: list[Reason]) -> None:
        self.book, self.session, self.shopper_id = book, book.session, shopper_id
        self.size, self.receipt = reasons

    @classmethod
    async def of(cls, book: ShopLog) -> "Cases":
        reasons = [await book.reason(code, code, code) for code in ("size", "receipt")]
        shopper_id = await log.recognise_shopper(
            book.session, book.shop.tenant_id, HandleKind.MAIL, "hana@x.example", now=on(1, 0)
        )
        return cls(book, shopper_id, reasons)

    async def letter(self, start: datetime) -> Interaction:
        case = await self._case(start)
        one = await self.book.mail(start, shopper_id=self.shopper_id, case_id=case.id)
        await log.set_reason(self.session, one, self.size.id)
        return one

    async def reply(self, *mails: Interaction, when: datetime) -> None:
        """One answer to these, which settles the matter."""
        for one in mails:
            await self.book.event(one, EventKind.FIRST_REPLY, when)
            await log.close(self.session, one, Outcome.REPLIED, actor=self.book.agent, at=when, by="agent")
        await self.book.event(mails[-1], EventKind.SOLVED, when)

    async def join(self, one: Interaction, into: Interaction, when: datetime) -> CaseJoin:
        assert one.case_id
        assert into.case_id
        pair = await locked_pair(self.session, one.tenant_id, one.case_id, into.case_id)
        return await join_cases(self.session, *pair, reason="", actor=self.book.agent, now=when)

    async def undo(self, join: CaseJoin, when: datetime) -> None:
        await undo_join(self.session, join.tenant_id, join.id, actor=self.book.agent, now=when)

    async def split(self, mail: Interaction, when: datetime, reason: Reason | None = None) -> Interaction:
        return await open_part(
            self.session, mail, await self._case(when), reason_id=(reason or self.receipt).id, desk_id=None,
            actor=self.book.agent, now=when,
        )  # fmt: skip

    async def _case(self, now: datetime) -> Case:
        return await open_case(
            self.session, self.book.shop.tenant_id, subject="a", shopper_id=self.shopper_id, due_at=None,
            now=now,
        )  # fmt: skip


async def joined_and_split(book: ShopLog) -> None:
    """Inside the month, over its end, undone, one behind the other; split early, late, and too late."""
    cases = await Cases.of(book)
    await _joined(cases)
    await _taken_up_and_over_the_end(cases)
    await _split(cases)


async def _joined(cases: Cases) -> None:
    first, twice = await cases.letter(on(2, 10)), await cases.letter(on(2, 12))
    await cases.join(twice, first, on(2, 13))
    await cases.reply(first, twice, when=on(2, 15))
    one, other, third = [await cases.letter(on(5, hour)) for hour in (9, 10, 11)]
    await cases.join(third, other, on(5, 12))
    link = await cases.join(other, one, on(5, 13))
    await cases.reply(one, other, third, when=on(5, 14))
    await cases.undo(link, on(6, 10))
    again = await cases.letter(on(13, 10))
    await cases.undo(await cases.join(again, first, on(13, 11)), on(13, 12))
    await cases.reply(again, when=on(14, 10))


async def _taken_up_and_over_the_end(cases: Cases) -> None:
    settled = await cases.letter(on(19, 10))
    case = await cases.session.get_one(Case, (settled.tenant_id, settled.case_id))
    await cases.reply(settled, when=on(19, 12))
    await close_case(cases.session, case, CaseState.DONE, now=on(19, 12))
    more = await cases.letter(on(21, 10))
    await cases.join(more, settled, on(21, 11))
    await cases.reply(more, when=on(21, 12))
    here, there = await cases.letter(on(26, 10)), await cases.letter(on(26, 11))
    over = await cases.join(there, here, on(26, 12))
    await cases.reply(here, there, when=on(27, 10))
    await cases.undo(over, on(2, 9, month=11))
    early, late = await cases.letter(on(29, 10)), await cases.letter(on(29, 12))
    await cases.reply(early, when=on(29, 15))
    await cases.reply(late, when=on(29, 16))
    await cases.join(late, early, on(1, 0, month=11))


async def _split(cases: Cases) -> None:
    mail = await cases.letter(on(7, 10))
    part = await cases.split(mail, on(7, 11))
    await cases.reply(mail, when=on(7, 12))
    await cases.book.event(part, EventKind.ESCALATED, on(7, 12))
    await cases.reply(part, when=on(8, 10))
    same = await cases.letter(on(15, 10))
    await cases.split(same, on(15, 11), cases.size)
    await cases.split(same, on(15, 12), cases.size)
    await cases.reply(same, when=on(15, 13))
    old = await cases.letter(on(28, 10, month=9))
    await cases.reply(old, when=on(28, 12, month=9))
    await cases.reply(await cases.split(old, on(12, 10)), when=on(12, 11))
    back = await cases.letter(on(22, 10))
    half = await cases.split(back, on(22, 11))
    await cases.join(half, back, on(22, 12))
    await cases.reply(back, half, when=on(23, 10))
    await cases.split(back, on(2, 8, month=11))
