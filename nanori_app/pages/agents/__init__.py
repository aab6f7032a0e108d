"""Agents: what they can do, and what is left to do before each shop."""
