"""Everything that reports plugs into the application."""

from nanori.rooms import Room
from reports.worker import render_month_report

ROOM = Room(name="reports", handlers=[render_month_report])
