"""What a shop wants changed: its hours, its contacts, something else; put to the desk, never to a person."""
