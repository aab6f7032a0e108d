"""The command ``nanori``: one file for each family of commands, loaded when one of it is called."""

from nanori_app.cli.group import main

__all__ = ["main"]
