"""Pages about shops."""
