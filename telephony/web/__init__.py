"""Webhooks of the carrier and what an agent does in the browser."""
