"""One script for each promise of speed; each prints ratios of one run, never absolute goals."""
