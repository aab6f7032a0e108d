"""Pages about talk scripts."""
