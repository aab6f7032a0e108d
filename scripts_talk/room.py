"""What this room plugs into the application."""

from nanori.rooms import Room

ROOM = Room(name="scripts_talk")
