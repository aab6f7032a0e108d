"""Which rooms this product has. The only list of its kind."""

from billing.room import ROOM as BILLING
from desks.room import ROOM as DESKS
from interactions.room import ROOM as INTERACTIONS
from mailroom.room import ROOM as MAILROOM
from nanori.rooms import Room
from reports.room import ROOM as REPORTS
from scripts_talk.room import ROOM as SCRIPTS_TALK
from telephony.room import ROOM as TELEPHONY
from tenants.room import ROOM as TENANTS

ROOMS: tuple[Room, ...] = (TENANTS, SCRIPTS_TALK, DESKS, INTERACTIONS, TELEPHONY, MAILROOM, REPORTS, BILLING)
"""In the order of the building, ground first: also the order of the navigation."""

PACKAGES = ("nanori", "nanori_app", *(room.name for room in ROOMS))
"""Everything that has templates, static files and catalogues."""
