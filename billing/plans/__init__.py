"""Plans: what a month costs, as plain values. No database, no clock."""
