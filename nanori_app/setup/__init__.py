"""What a fresh machine needs before Nanori can start."""
