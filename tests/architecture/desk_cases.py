"""Who gets in where about desks: seasons, staffing, rosters. Part of the table of ``route_cases.py``."""

from tests.architecture.doors import Case, leaders, operators

DESK_ROUTES: dict[str, Case] = {
    # desks and rosters
    "GET /seasons": leaders(),
    "GET /seasons/new": leaders(),
    "GET /shops/{tenant_id}/seasons/new": leaders(),
    "POST /shops/{tenant_id}/seasons/new": leaders(422),
    "POST /shops/{tenant_id}/seasons/sketch": leaders(),
    "GET /seasons/{tenant_id}/{season_id}": leaders(),
    "POST /seasons/{tenant_id}/{season_id}": leaders(422),
    "POST /seasons/{tenant_id}/{season_id}/moves": leaders(409, form={"to": "paused"}),
    "POST /seasons/{tenant_id}/{season_id}/test-calls": leaders(303),
    "POST /seasons/{tenant_id}/{season_id}/confirmations": leaders(303),
    "POST /seasons/{tenant_id}/{season_id}/memo": leaders(303),
    "POST /seasons/{tenant_id}/{season_id}/data/archive": leaders(409),
    "POST /seasons/{tenant_id}/{season_id}/data/deletion": leaders(409),
    "GET /staffing": leaders(),
    "GET /staffing/what-if": leaders(),
    "GET /staffing/forecast": leaders(),
    "GET /staffing/pool": leaders(),
    "GET /staffing/adherence": leaders(),
    "POST /staffing/adherence/cost": operators(303, form={"valid_from": "2026-10-01", "yen": "2160"}),
    "POST /staffing/{tenant_id}/{desk_id}/away": leaders(303, form={"away_percent": "10"}),
    "GET /staffing/shifts": leaders(),
    "POST /staffing/shifts": leaders(303),
    "POST /staffing/shifts/copy": leaders(303),
    "POST /staffing/shifts/hours": leaders(422),
    "GET /desks": leaders(),
    "GET /shops/{tenant_id}/desk": leaders(303),
    "GET /desks/{tenant_id}/{desk_id}": leaders(),
    "GET /desks/{tenant_id}/{desk_id}/callers": leaders(),
    "POST /desks/{tenant_id}/{desk_id}/callers": leaders(303, form={"unattended": "voicemail"}),
    "GET /desks/{tenant_id}/{desk_id}/words": leaders(),
    "POST /desks/{tenant_id}/{desk_id}/words": leaders(303),
    "POST /desks/{tenant_id}/{desk_id}/script": leaders(303),
    "POST /desks/{tenant_id}/{desk_id}/script/giving-up": leaders(303),
    "POST /desks/{tenant_id}/{desk_id}/times": leaders(
        303, form={"ring_seconds": "20", "wrapup_seconds": "60", "max_wait_seconds": "300"}
    ),
    "POST /desks/{tenant_id}/{desk_id}/sharing": leaders(
        303, form={"weight": "2", "reserved_agents": "1", "overflow_after_seconds": "30", "max_waiting": "0"}
    ),
    "POST /desks/{tenant_id}/{desk_id}/certificate": leaders(303),
    "POST /desks/{tenant_id}/{desk_id}/overflow": leaders(303),
    "POST /desks/{tenant_id}/{desk_id}/agents/{agent_id}/place": leaders(303, form={"level": "2"}),
    "POST /desks/{tenant_id}/{desk_id}/agents": leaders(303, form={"agent": "{agent_id}", "level": "2"}),
    "POST /desks/{tenant_id}/{desk_id}/agents/{agent_id}/removal": leaders(303),
}
