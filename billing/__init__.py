"""Billing: plans, the usage ledger, invoices. It stands on the closed months of ``reports``; nothing yet."""
