"""Tables about agents themselves: what they can do, and what of a shop they have read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desks.values import Reading
from nanori.db import Base, TenantOwned, stored_as_text


class AgentProfile(Base):
    """Operator-owned: agents belong to the outsourcer. An agent without a row has the defaults."""

    __tablename__ = "agent_profile"
    __table_args__ = (CheckConstraint("mails_at_once > 0", name="some_mail_fits"),)

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    languages: Mapped[list[Any]] = mapped_column(default=list)  # codes of desks.profiles.LANGUAGES
    skills: Mapped[list[Any]] = mapped_column(default=list)  # {"name", "level"}
    mails_at_once: Mapped[int | None]  # cases in hand; None: as many as they take
    calls_interrupt: Mapped[bool] = mapped_column(default=True)  # a mail, where the desk wants that


class ShopReading(TenantOwned, Base):
    """An agent has read what is said in a shop's name."""

    __tablename__ = "shop_reading"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        UniqueConstraint("tenant_id", "agent_id", "what"),
    )

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    what: Mapped[Reading] = mapped_column(stored_as_text(Reading))
    at: Mapped[datetime]  # for the last time
