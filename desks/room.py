"""Everything that desks plugs into the application."""

from nanori.rooms import Room

ROOM = Room(name="desks")
