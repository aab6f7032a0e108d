"""The month in figures: what was offered, answered, lost, written and passed on, and the paper that says so.

This room reads what the rooms below have recorded and never writes there. Facts (``facts``) become figures
(``kpi``, pure), figures become paper (``paper``, pure until the PDF engine). Every figure is a quotient of
integer sums over the log, so that anyone can recount it.
"""
