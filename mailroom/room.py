"""Everything that mailroom plugs into the application."""

from nanori.rooms import Room

ROOM = Room(name="mailroom")
