"""Pages of plans, agreements and usage."""
