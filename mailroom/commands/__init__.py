"""Writes of the mailroom, one file for each family of intents."""
