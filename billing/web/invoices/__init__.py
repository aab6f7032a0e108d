"""Pages of invoices: to operators all of them, to a merchant the shop's own."""
