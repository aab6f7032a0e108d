"""Desks: who answers. Standing desks, rosters, presence, waiting work, offers and engagements."""
