"""The raw event log as CSV, and each shop's terms and hours as JSON: all that a recount needs."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from nanori_app.rehearse.ledger import Ledger
from nanori_app.rehearse.setting import StagedShop

COLUMNS = (
    "shop", "number", "channel", "direction", "party", "shopper", "case", "reason",
    "seq", "kind", "at", "actor", "data",
)  # fmt: skip


def event_rows(ledger: Ledger, shops: Iterable[StagedShop]) -> Iterator[dict[str, str]]:
    """One row for each event, by shop, interaction and number. Times are UTC in ISO 8601."""
    by_shop = {shop.tenant_id: shop for shop in shops}
    order = {tenant_id: place for place, tenant_id in enumerate(by_shop)}
    for one in sorted(ledger.interactions, key=lambda row: (order[row["tenant_id"]], row["number"])):
        shop = by_shop[one["tenant_id"]]
        reason = ledger.reasons.get(one["reason_id"])
        for event in ledger.events.get(one["id"], ()):
            yield {
                "shop": shop.slug,
                "number": str(one["number"]),
                "channel": one["channel"].value,
                "direction": one["direction"].value,
                "party": one["party"].value,
                "shopper": str(one["shopper_id"] or ""),
                "case": str(one["case_id"] or ""),
                "reason": "" if reason is None else reason[f"label_{shop.setup.profile.locale}"],
                "seq": str(event["seq"]),
                "kind": event["kind"].value,
                "at": in_utc(event["at"]),
                "actor": event["actor_kind"].value,
                "data": json.dumps(event["data"], ensure_ascii=False, sort_keys=True),
            }


def as_csv(rows: Iterable[Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def setup_facts(shop: StagedShop) -> dict[str, Any]:
    """A shop's zone, terms and hours, in plain values."""
    setup = shop.setup
    return {
        "shop": setup.slug,
        "locale": setup.profile.locale,
        "zone": setup.zone,
        "terms": asdict(setup.terms),
        "week": {
            str(day): [[span.opens, span.closes] for span in spans]
            for day, spans in sorted(setup.week.items())
        },
        "days": {day.on.isoformat(): [[span.opens, span.closes] for span in day.spans] for day in setup.days},
    }


def in_utc(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
