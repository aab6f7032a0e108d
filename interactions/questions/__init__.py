"""Questions that only the shop can answer: whose turn it is, who was reached, and what came of it."""
