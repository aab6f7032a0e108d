"""Shifts: who is planned to be at work, from when until when, with which breaks."""
