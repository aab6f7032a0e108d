"""Everything that scripts_talk plugs into the application."""

from nanori.rooms import Room

ROOM = Room(name="scripts_talk")
