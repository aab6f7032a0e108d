"""Keeps what a rehearsal has made, for whoever wants to count again."""

import json
from pathlib import Path

from nanori_app.rehearse.raw_log import as_csv, setup_facts
from nanori_app.rehearse.rehearsal import Rehearsal

EVENTS = "events.csv"


def keep(rehearsal: Rehearsal, folder: Path) -> None:
    """Write ``<shop>.pdf``, ``<shop>.json`` (figures), ``<shop>.setup.json`` and ``events.csv``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / EVENTS).write_text(as_csv(rehearsal.rows), "utf-8")
    for report in rehearsal.reports:
        slug = report.shop.slug
        (folder / f"{slug}.pdf").write_bytes(report.pdf)
        (folder / f"{slug}.json").write_bytes(report.figures)
        facts = json.dumps(setup_facts(report.shop), ensure_ascii=False, indent=1)
        (folder / f"{slug}.setup.json").write_text(facts + "\n", "utf-8")
