"""What an operator must act on: one row for each cause while it lasts, repeats are counted.

A room declares its kinds of alert as ``Alarm`` values and plugs them in by ``Room.alarms``; whoever meets the
cause calls :func:`raise_alert`. No personal data: subjects are our own numbers, ids, routes and error codes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from nanori import live
from nanori.db import Base, Sessions
from nanori.errors import NotFound

NEWS = "alerts"
"""The event that the floor hears when the list of alerts has changed."""
COUNTED_FOR = timedelta(minutes=10)
"""Repeats further apart than this are not the same trouble; for alarms that show only when repeated."""
TOLD_EVERY = timedelta(seconds=5)
"""A cause that repeats quickly does not push to browsers more often."""
KEPT_ON_SCREEN = timedelta(days=7)
"""How long a cleared alert can still be read about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One kind of alert. ``title`` and ``advice`` are msgids.

    Both may name ``{subject}``, or ``{part}``: what follows the last slash of a subject of several parts.
    """

    name: str  # stored, and never reused for something else
    title: str  # what is wrong
    advice: str  # what to do about it
    where: str = ""  # the page to do it on; may contain {shop}, {subject}, {part}
    grave: bool = False  # calls are being lost
    at_least: int = 1  # shown from this many repeats on
    says_why: bool = False  # the detail is a msgid, not a code


class Alert(Base):
    """A cause that was met. Of one kind and subject at most one is open."""

    __tablename__ = "alert"
    __table_args__ = (
        Index("uq_alert_open", "kind", "subject", unique=True, postgresql_where="cleared_at IS NULL"),
        Index("ix_alert_shown", "last_at", postgresql_where="cleared_at IS NULL AND shown_since IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]  # the Alarm's name
    subject: Mapped[str]
    shop_id: Mapped[UUID | None]
    detail: Mapped[str]  # of the last time: an error code, a class of failure, or a msgid
    times: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    shown_since: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # None: the cause went away


class AlertNotFound(NotFound):
    """No such alert, or it has been cleared."""


_TIMES = "(CASE WHEN a.shown_since IS NULL AND a.last_at < :forgotten THEN 0 ELSE a.times END + :times)"
_RAISE = text(f"""
    WITH raised AS (
        INSERT INTO alert AS a
            (id, kind, subject, shop_id, detail, times, first_at, last_at, shown_since, told_at)
        VALUES (:id, :kind, :subject, :shop, :detail, :times, :now, :now,
                CASE WHEN :times >= :at_least THEN CAST(:now AS timestamptz) END,
                CASE WHEN :times >= :at_least THEN CAST(:now AS timestamptz) END)
        ON CONFLICT (kind, subject) WHERE cleared_at IS NULL DO UPDATE SET
            detail = excluded.detail,
            shop_id = coalesce(excluded.shop_id, a.shop_id),
            times = {_TIMES},
            shown_since = coalesce(a.shown_since, CASE WHEN {_TIMES} >= :at_least THEN excluded.last_at END),
            told_at = CASE WHEN {_TIMES} >= :at_least AND coalesce(a.told_at < :told_before, true)
                      THEN excluded.last_at ELSE a.told_at END,
            last_at = excluded.last_at
        RETURNING told_at
    )
    SELECT pg_notify(:channel, :news) FROM raised WHERE told_at = :now
""")  # noqa: S608 - put together from our own words only


async def raise_alert(
    session: AsyncSession,
    alarm: Alarm,
    subject: str = "",
    *,
    now: datetime,
    shop_id: UUID | None = None,
    detail: str = "",
    times: int = 1,
) -> None:
    """Show operators and supervisors that somebody must act; once more of the same is only counted.

    One statement, in the transaction at hand: call it last, and :func:`raise_alert_apart` where that one
    will be undone.
    """
    await session.execute(
        _RAISE,
        {
            "id": uuid7(), "kind": alarm.name, "subject": subject, "shop": shop_id, "detail": detail,
            "times": times, "at_least": alarm.at_least, "now": now, "forgotten": now - COUNTED_FOR,
            "told_before": now - TOLD_EVERY, "channel": live.CHANNEL, "news": live.payload(live.FLOOR, NEWS),
        },
    )  # fmt: skip


async def raise_alert_apart(
    sessions: Sessions,
    alarm: Alarm,
    subject: str = "",
    *,
    now: datetime,
    shop_id: UUID | None = None,
    detail: str = "",
    times: int = 1,
) -> None:
    """The same in a short transaction of its own."""
    async with sessions.begin() as session:
        await raise_alert(session, alarm, subject, now=now, shop_id=shop_id, detail=detail, times=times)


async def settle_alert(session: AsyncSession, alarm: Alarm, subject: str = "", *, now: datetime) -> None:
    """The cause has gone by itself. Does nothing when there is no such alert."""
    settled = await session.scalar(
        update(Alert)
        .where(Alert.kind == alarm.name, Alert.subject == subject, Alert.cleared_at.is_(None))
        .values(cleared_at=now)
        .returning(Alert.id)
    )
    if settled is not None:
        await live.announce(session, live.FLOOR, NEWS)


async def clear_alert(session: AsyncSession, alert_id: UUID, *, by: UUID, now: datetime) -> Alert:
    """Somebody has seen to it.

    Raises:
        AlertNotFound: there is none, or it is cleared already.
    """
    alert = await session.get(Alert, alert_id, with_for_update=True)
    if alert is None or alert.cleared_at is not None:
        raise AlertNotFound
    alert.cleared_at, alert.cleared_by = now, by
    await session.flush()
    await live.announce(session, live.FLOOR, NEWS)
    return alert


OPEN_COUNT = "SELECT count(*) FROM alert WHERE cleared_at IS NULL AND shown_since IS NOT NULL"
"""How many wait for somebody, for a statement that asks for more than that."""


async def open_alerts(session: AsyncSession) -> list[Alert]:
    """What waits for somebody, the newest first."""
    found = await session.scalars(
        select(Alert)
        .where(Alert.cleared_at.is_(None), Alert.shown_since.is_not(None))
        .order_by(Alert.last_at.desc(), Alert.id)
    )
    return list(found)


async def cleared_alerts(session: AsyncSession, *, now: datetime, limit: int = 50) -> list[Alert]:
    """What was shown and has been cleared lately, the last cleared first."""
    found = await session.scalars(
        select(Alert)
        .where(Alert.cleared_at > now - KEPT_ON_SCREEN, Alert.shown_since.is_not(None))
        .order_by(Alert.cleared_at.desc(), Alert.id)
        .limit(limit)
    )
    return list(found)
