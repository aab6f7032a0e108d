"""Mail in and out under a shop's address. Owns raw_message, message, attachment and outbox."""
