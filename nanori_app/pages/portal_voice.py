"""What shoppers said of settled matters, as their shop reads it: scores and comments, nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mailroom.surveys.models import Survey
from mailroom.surveys.queries import asking_shops, latest_answers
from mailroom.surveys.values import SCALES
from mailroom.surveys.wording import SHORT
from nanori.words import Words
from tenants.models import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer; ``number`` is the contact's."""

    score: str
    comment: str
    at: str
    number: int


async def voices(session: AsyncSession, shops: Sequence[Tenant], words: Words) -> dict[UUID, Sequence[Said]]:
    """The last answers of each shop that asks or has asked; a shop that never did is not among them."""
    ids = [shop.tenant_id for shop in shops]
    asking, answers = await asking_shops(session, ids), await latest_answers(session, ids)
    return {
        shop.tenant_id: [_said(one, shop, words) for one in answers[shop.tenant_id]]
        for shop in shops
        if shop.tenant_id in asking or answers[shop.tenant_id]
    }


def _said(one: Survey, shop: Tenant, words: Words) -> Said:
    return Said(
        score=f"{words.gettext(SHORT[one.kind])} {one.score} / {SCALES[one.kind].most}",
        comment=one.comment,
        at=words.moment(one.answered_at, shop.zone),
        number=one.number,
    )
