"""A wish as templates print it, the same for both sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from nanori.words import N_, Words
from tenants.models import Tenant
from tenants.wishes.models import ShopWish, WishKind, WishState

KINDS = {
    WishKind.HOURS: N_("Hours and holidays"),
    WishKind.CONTACTS: N_("Contacts of the shop"),
    WishKind.WORDS: N_("What is said in our name"),
    WishKind.OTHER: N_("Something else"),
}
STATES = {
    WishState.ASKED: (N_("With the desk"), "warn"),
    WishState.DONE: (N_("Done"), "good"),
    WishState.DECLINED: (N_("Not possible"), "bad"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WishView:
    id: UUID
    tenant_id: UUID
    shop: str
    kind: str
    text: str
    holds_from: str
    asked: str
    state: str
    state_kind: str
    answer: str
    set_up: str  # where the desk changes it


def wish_view(one: ShopWish, shops: Mapping[UUID, Tenant], words: Words) -> WishView:
    shop = shops[one.tenant_id]
    said, kind = STATES[one.state]
    page = {WishKind.HOURS: "/hours", WishKind.CONTACTS: "/contacts", WishKind.WORDS: "/script"}
    return WishView(
        id=one.id,
        tenant_id=one.tenant_id,
        shop=shop.brand_name,
        kind=words.gettext(KINDS[one.kind]),
        text=one.text,
        holds_from=words.date(one.holds_from),
        asked=words.moment(one.asked_at, shop.zone),
        state=words.gettext(said),
        state_kind=kind,
        answer=one.answer,
        set_up=f"/shops/{one.tenant_id}{page.get(one.kind, '')}",
    )
