"""What this room plugs into the application."""

from nanori.actors import Role
from nanori.rooms import NavItem, Room
from nanori.words import N_
from tenants.alarms import ALARMS
from tenants.changes.worker import follow_changes
from tenants.policy import READERS
from tenants.web.brand import BrandFiles
from tenants.web.contacts import ContactPages
from tenants.web.hours import HourPages
from tenants.web.lines import LinePages
from tenants.web.phone import PhonePages
from tenants.web.phrases import PhrasePages
from tenants.web.profile import BrandPages
from tenants.web.shops import ShopPages
from tenants.web.terms import TermsPages
from tenants.web.wishes import WishPages
from tenants.worker import delete_bytes

ROOM = Room(
    name="tenants",
    pages=[
        BrandFiles,
        ShopPages,
        BrandPages,
        PhrasePages,
        PhonePages,
        HourPages,
        LinePages,
        ContactPages,
        TermsPages,
        WishPages,
    ],
    ticks=[follow_changes, delete_bytes],
    alarms=ALARMS,
    nav=[
        NavItem(label=N_("Shops"), href="/shops", roles=frozenset(READERS)),
        NavItem(label=N_("Wishes"), href="/wishes", roles=frozenset({Role.SUPERVISOR, Role.OPERATOR})),
    ],
)
