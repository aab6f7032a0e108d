"""The month that runs, for a shop that looks at it: counted by the worker, kept for the portal to read."""
