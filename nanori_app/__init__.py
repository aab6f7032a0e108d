"""The roof: puts the rooms together and starts them. Imports every room; nobody imports it."""
