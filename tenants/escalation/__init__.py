"""Whom a shop wants to be asked, in which order, when and how; and what it lets the desk decide."""
