"""What this room plugs into the application."""

from nanori.rooms import Room
from scripts_talk.web.script import ScriptPages

ROOM = Room(name="scripts_talk", pages=[ScriptPages])
