"""The scenario "burst": one shop is on television, the others must not notice."""
