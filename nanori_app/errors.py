"""Failures that whoever typed a command understands, and the words for them."""

from typing import ClassVar

from psycopg import OperationalError as ServerUnreachable
from sqlalchemy.exc import OperationalError

from nanori.errors import Error
from nanori.settings import SettingsInvalid

EXPECTED = (Error, SettingsInvalid, OperationalError, ServerUnreachable)
"""Everything else is a bug, and rises with its traceback."""


class Stopped(Error):  # noqa: N818 - named for the fact
    """A command cannot go on, for a reason that whoever typed it can act on; shown without a traceback."""

    exit_code: ClassVar[int] = 1


def in_words(problem: Exception) -> str:
    """An expected failure as one sentence."""
    if isinstance(problem, OperationalError | ServerUnreachable):
        cause = getattr(problem, "orig", None) or problem
        return f"The database does not answer: {str(cause).strip().splitlines()[0]}"
    return str(problem)
