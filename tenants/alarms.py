"""What the tenants room raises for operators."""

from nanori.alerts import Alarm
from nanori.words import N_

SHOP_CHANGES = Alarm(
    name="shop_change",
    title=N_("A shop changes its hours or contacts by itself"),
    advice=N_("Read what comes into force and when. If it cannot be, hold it back and say why."),
    where="/wishes",
)
CHANGE_FAILED = Alarm(
    name="shop_change_failed",
    title=N_("A shop's new contacts could not come into force"),
    advice=N_("Somebody left out is in an escalation policy or on call. Change that, then the contacts."),
    where="/shops/{shop}/contacts",
)
ALARMS = (SHOP_CHANGES, CHANGE_FAILED)
