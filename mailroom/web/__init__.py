"""The mailroom's pages."""
