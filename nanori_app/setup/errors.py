class SetupStopped(Exception):  # noqa: N818 - named for the fact
    """Set-up cannot go on; the text tells a newcomer why, and the one thing to do."""
