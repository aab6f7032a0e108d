"""Where orders come from: a file of the shop's, or the shop's system itself."""
