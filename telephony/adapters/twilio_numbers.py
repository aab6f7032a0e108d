"""Numbers of our account at Twilio, or at whoever plays it."""

from typing import Any

from telephony.adapters.twilio import TwilioCarrier, translated
from telephony.ports import NumberKind, OwnNumber, Ways

MOST = 1000


class TwilioNumbers:
    """Finds, buys, sets up and releases numbers through a carrier's client."""

    def __init__(self, carrier: TwilioCarrier) -> None:
        self._client = carrier.client

    async def owned(self) -> list[OwnNumber]:
        with translated():
            found = await self._client.incoming_phone_numbers.list_async(limit=MOST)
        return sorted((_own(one) for one in found), key=lambda one: one.number)

    async def available(self, *, country: str, kind: NumberKind, contains: str, limit: int) -> list[str]:
        shelf = self._client.available_phone_numbers(country)
        shelves: dict[NumberKind, Any] = {
            NumberKind.NATIONAL: shelf.national,
            NumberKind.LOCAL: shelf.local,
            NumberKind.TOLL_FREE: shelf.toll_free,
        }
        wish = {"contains": contains} if contains else {}
        with translated():
            found = await shelves[kind].list_async(voice_enabled=True, limit=limit, **wish)
        return [str(one.phone_number) for one in found]

    async def buy(self, number: str, *, ways: Ways, bundle_sid: str, address_sid: str) -> OwnNumber:
        papers = {"bundle_sid": bundle_sid, "address_sid": address_sid}
        with translated():
            bought = await self._client.incoming_phone_numbers.create_async(
                phone_number=number, **_spelled(ways), **{name: sid for name, sid in papers.items() if sid}
            )
        return _own(bought)

    async def configure(self, sid: str, *, ways: Ways) -> None:
        with translated():
            await self._client.incoming_phone_numbers(sid).update_async(**_spelled(ways))

    async def release(self, sid: str) -> None:
        with translated():
            await self._client.incoming_phone_numbers(sid).delete_async()


def _spelled(ways: Ways) -> dict[str, Any]:
    return {
        "voice_url": ways.voice_url,
        "voice_method": "POST",
        "voice_fallback_url": ways.fallback_url,
        "voice_fallback_method": "POST",
        "status_callback": ways.status_url,
        "status_callback_method": "POST",
    }


def _own(found: Any) -> OwnNumber:
    ways = Ways(
        voice_url=found.voice_url or "",
        fallback_url=found.voice_fallback_url or "",
        status_url=found.status_callback or "",
    )
    return OwnNumber(sid=str(found.sid), number=str(found.phone_number), ways=ways)
