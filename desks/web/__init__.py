"""Pages about desks and rosters."""
