"""What a fresh machine needs before Nanori can start. Runs on the bare Python: standard library only."""
