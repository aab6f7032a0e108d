"""The table of a shop's wishes. The shop's own login adds and reads them; no agent's name is in them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from nanori.db import Base, TenantOwned, stored_as_text


class WishKind(StrEnum):
    HOURS = "hours"
    CONTACTS = "contacts"
    WORDS = "words"  # what is said or written in the shop's name
    OTHER = "other"


class WishState(StrEnum):
    ASKED = "asked"
    DONE = "done"
    DECLINED = "declined"


class ShopWish(TenantOwned, Base):
    """One wish, from when on it is to hold, and what the responsible person answered."""

    __tablename__ = "shop_wish"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        CheckConstraint("text <> ''", name="something_is_wished"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_has_a_time"),
        CheckConstraint("state <> 'declined' OR answer <> ''", name="a_no_has_a_reason"),
        Index("ix_shop_wish_asked", "tenant_id", "asked_at", "id"),
        Index("ix_shop_wish_open", "asked_at", postgresql_where="state = 'asked'"),
    )

    kind: Mapped[WishKind] = mapped_column(stored_as_text(WishKind))
    text: Mapped[str]
    holds_from: Mapped[date]
    asked_at: Mapped[datetime]
    state: Mapped[WishState] = mapped_column(stored_as_text(WishState))
    answer: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
