"""Everything that telephony plugs into the application."""

from nanori.rooms import Room

ROOM = Room(name="telephony")
