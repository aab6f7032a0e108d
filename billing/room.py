"""Everything that billing plugs into the application."""

from nanori.rooms import Room

ROOM = Room(name="billing")
