"""What shoppers ordered from a shop and where their parcels are, as the shop's own system tells it."""
