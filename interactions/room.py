"""Everything that interactions plugs into the application."""

from nanori.rooms import Room

ROOM = Room(name="interactions")
