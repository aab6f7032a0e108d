"""Tenants: client shops. Legal entity, brand and its reading, answer phrases, opening hours, numbers and
addresses, contract terms, escalation contacts.
"""
