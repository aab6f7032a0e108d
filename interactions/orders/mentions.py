"""Order numbers that somebody wrote in a text, as far as they are orders of the shop."""

import re
import unicodedata
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.commands import save_captured
from interactions.models import Interaction
from interactions.orders import cells
from interactions.orders.models import ShopOrder

MOST_CANDIDATES = 100
MOST_KEPT = 3
LOOKED_AT = 20_000
"""Characters of a text; what comes after them is quoted or an attack."""
PLAIN_FIGURES = 6
"""A number of fewer figures and nothing else may be a price or a year: it counts only behind such a word."""
NAMED = re.compile(r"(注文|オーダー|番号|order|no\.?|#)[^0-9a-z\n]{0,8}$", re.IGNORECASE)
TOKEN = re.compile(r"(?<![0-9A-Za-z])#?[0-9A-Za-z][0-9A-Za-z_/-]{1,39}(?![0-9A-Za-z])")
KEYS = ("order_number", "order_number_2", "order_number_3")
"""Under which they are kept with the contact, beside what a script captures."""


def numbers_in(text: str) -> list[str]:
    """What may be an order number, as shops' numbers are stored; each once, in its order. Pure."""
    plain = unicodedata.normalize("NFKC", text[:LOOKED_AT]).replace("−", "-").replace("‐", "-")
    found: dict[str, None] = {}
    for token in TOKEN.finditer(plain):
        number = cells.or_nothing(cells.order_number, token[0].strip("-_/"))
        is_short = number.isdigit() and len(number) < PLAIN_FIGURES
        if not any(sign.isdigit() for sign in number):
            continue
        if is_short and not token[0].startswith("#") and not NAMED.search(plain[: token.start()][-20:]):
            continue
        found[number] = None
        if len(found) == MOST_CANDIDATES:
            break
    return list(found)


async def note_orders(session: AsyncSession, interaction: Interaction, text: str) -> list[str]:
    """Keep with the contact which of the shop's own orders its text names, so that they stand beside it."""
    asked = numbers_in(text)
    if not asked:
        return []
    known = await _known(session, interaction.tenant_id, asked)
    named = [number for number in asked if number in known][:MOST_KEPT]
    if named:
        await save_captured(session, interaction, dict(zip(KEYS, named, strict=False)))
    return named


async def _known(session: AsyncSession, tenant_id: UUID, asked: list[str]) -> set[str]:
    found = await session.scalars(
        select(ShopOrder.number).where(ShopOrder.tenant_id == tenant_id, ShopOrder.number.in_(asked))
    )
    return set(found)
