"""Writes of telephony, one file per family: what callers, agents, conferences and contacts do."""
