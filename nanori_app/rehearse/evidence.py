"""What the checks look at, and what they say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from nanori_app.rehearse.floor import Floor
from nanori_app.rehearse.ledger import Ledger, Row
from nanori_app.rehearse.setting import StagedShop
from nanori_app.rehearse.witness import Witness, is_agent, is_shopper
from telephony.adapters.simulator.legs import Leg

FIGURES_EQUAL_RECOUNT, PDF_EQUALS_FIGURES = "figures_equal_recount", "pdf_equals_figures"
"""Invariants of the paper; those of calls and mails bear the names of their functions."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that must not be. ``ids``: numbers, CallSids or slugs that a person can look up."""

    invariant: str
    ids: tuple[str, ...]
    detail: str

    def as_json(self) -> dict[str, object]:
        return {"invariant": self.invariant, "ids": list(self.ids), "detail": self.detail}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was seen, what the carrier knows, and what the house has written down."""

    floor: Floor
    witness: Witness
    ledger: Ledger

    def shop(self, tenant_id: UUID) -> StagedShop:
        return next(shop for shop in self.floor.shops if shop.tenant_id == tenant_id)

    def shop_called(self, number: str) -> StagedShop:
        return next(shop for shop in self.floor.shops if number in shop.setup.numbers)

    def shop_of(self, leg: Leg) -> StagedShop:
        """The shop that was called, or that calls."""
        return self.shop_called(leg.from_ if is_shopper(leg) else leg.to)

    def is_agent(self, leg: Leg) -> bool:
        """An agent's browser, and not a supervisor's."""
        return is_agent(leg) and leg.identity not in self.floor.seen.supervisors

    def account_of(self, leg: Leg) -> UUID | None:
        """The agent whose line it is, as those on the stage know."""
        seen = self.floor.seen
        return seen.agent_legs.get(leg.sid) or seen.own_phones.get(leg.to)

    def name(self, interaction: Row) -> str:
        return f"{self.shop(interaction['tenant_id']).slug}#{interaction['number']}"


Finding = tuple[tuple[str, ...], str]
Invariant = Callable[[Evidence], Iterator[Finding]]
