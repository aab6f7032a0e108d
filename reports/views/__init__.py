"""Saved views of the figures of any days, and their way to staff by mail."""
