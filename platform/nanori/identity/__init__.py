"""Who may come in: accounts, roles, passwords, login sessions and throttling."""
