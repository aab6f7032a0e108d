"""Everything that telephony plugs into the application."""

from nanori.rooms import Room
from telephony.alarms import ALARMS
from telephony.dispatch import dispatch, tick
from telephony.message_search import search_messages
from telephony.reconciler import reconcile_calls
from telephony.summoning import reach_by_telephone, send_summonses
from telephony.web.agent import Calls, Notes, Offers, Seat
from telephony.web.callbacks import Callbacks
from telephony.web.fallback import Fallback
from telephony.web.music import Music
from telephony.web.outgoing import OutgoingCalls, Promises
from telephony.web.recordings import RecordingSwitch
from telephony.web.softphone import Softphone
from telephony.web.summonses import Summonses
from telephony.web.supervision import Help, Supervisors
from telephony.web.transfers import Transfers, TransferWebhooks
from telephony.web.webhooks import CallerWebhooks, PartyWebhooks

ROOM = Room(
    name="telephony",
    pages=[
        CallerWebhooks,
        PartyWebhooks,
        Callbacks,
        Fallback,
        Seat,
        Offers,
        Calls,
        Transfers,
        TransferWebhooks,
        Help,
        Supervisors,
        RecordingSwitch,
        Music,
        Notes,
        OutgoingCalls,
        Promises,
        Softphone,
        Summonses,
    ],
    handlers=[reach_by_telephone],
    ticks=[tick, reconcile_calls, search_messages, dispatch, send_summonses],
    urgent=[dispatch],
    alarms=ALARMS,
)
