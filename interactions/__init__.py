"""Interactions: the log. Shoppers (inside one shop), cases, phone and mail interactions, their events,
reasons and escalation runs.
"""
