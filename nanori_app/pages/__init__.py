"""Pages made of several rooms' parts."""
