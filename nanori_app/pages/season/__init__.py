"""Pages about seasonal desks: planning one, its gates, its life, and what differs from the year before."""
