"""Billing: plans and what they cost (``plans``), the usage ledger (``ledger``), its charges, invoices.

A bill is made of charges, charges of ledger lines, lines of what the log says of each contact: anyone can
count again. Prices and verdicts are pure; the database keeps that no line is counted twice and that no month
changes once it is billed.
"""
