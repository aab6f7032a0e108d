"""The floor that every room stands on. It imports no room."""
