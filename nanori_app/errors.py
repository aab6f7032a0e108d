from typing import ClassVar

from nanori.errors import Error


class Stopped(Error):  # noqa: N818 - named for the fact
    """A command cannot go on, for a reason that whoever typed it can act on; shown without a traceback."""

    exit_code: ClassVar[int] = 1
