"""Everything that reports plugs into the application."""

from nanori.rooms import Room

ROOM = Room(name="reports")
