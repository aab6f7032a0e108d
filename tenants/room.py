"""Everything that tenants plugs into the application."""

from nanori.rooms import Room

ROOM = Room(name="tenants")
