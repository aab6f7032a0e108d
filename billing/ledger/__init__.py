"""The usage ledger: from the log's events to rows that can be billed, and from those to charges."""
