"""Qualified invoices (適格請求書): from the charges of a month to numbered documents that never change."""
