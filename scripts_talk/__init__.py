"""Talk scripts: versions, steps and the fields that they capture."""
