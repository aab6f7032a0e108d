"""The supervisor's floor: every desk, agent and call at this moment, and what can be done about it."""
