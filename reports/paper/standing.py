"""Whether a report's figures are frozen, as its cover says it."""

from nanori.words import N_, Words
from reports.closing.values import MonthState, Standing

_SAID = {
    MonthState.CLOSED: N_("Closed; hash {hash}"),
    MonthState.RESTATED: N_("Restated, edition {edition}: {reason} Hash {hash}"),
    MonthState.REOPENED: N_("Reopened, the figures are provisional: {reason}"),
}
_SHOWN_OF_HASH = 16


def standing_line(standing: Standing | None, words: Words) -> str:
    """One sentence; nothing for a month that was never closed."""
    if standing is None:
        return ""
    return words.gettext(
        _SAID[standing.state],
        edition=words.number(standing.edition),
        reason=standing.reason,
        hash=standing.content_hash[:_SHOWN_OF_HASH],
    )
