"""Connects every room's handlers to the queue."""

import procrastinate

from nanori.installation import plain_url
from nanori.messages import Post
from nanori_app.rooms import ROOMS


def build_post(url: str) -> Post:
    """A post office on the database that ``url`` logs in to."""
    queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=plain_url(url)))
    return Post(queue, [handler for room in ROOMS for handler in room.handlers])
