"""A carrier that behaves as Twilio does, without telephones: virtual time, one seed, no audio.

``Simulator`` (``simulator.py``) is the carrier itself; ``app.py`` serves its REST and control interfaces.
"""
