"""Numbers, the softphone's application, and text messages, over REST."""

import re
from dataclasses import replace
from typing import Any

from telephony.adapters.simulator.endpoints import NumberSettings
from telephony.adapters.simulator.pool import for_sale, is_for_sale, number_sid
from telephony.adapters.simulator.resources import (
    CREATED,
    NO_CONTENT,
    OK,
    Answer,
    Form,
    Resource,
    RestError,
    found,
    moment,
    one,
    page,
)

_DELIVERY_SECONDS = 2.0
_LANDLINE = re.compile(r"\+81(?!(20|[5789]0)\d{8}$)\d+")


class Numbers(Resource):
    """Numbers of ours, and those that could be."""

    def list_numbers(self, form: Form) -> Answer:
        number, name = one(form, "PhoneNumber").replace("*", ""), one(form, "FriendlyName")
        numbers = [
            self._described(each, settings)
            for each, settings in sorted(self.exchange.settings.numbers.items())
            if number in each and name in ("", settings.friendly_name or each)
        ]
        return OK, page("incoming_phone_numbers", numbers, form)

    def create_number(self, form: Form) -> Answer:
        """Buy a number, by itself or any one of an area."""
        number = one(form, "PhoneNumber") or self._any_of(one(form, "AreaCode"))
        if number in self.exchange.settings.numbers or not is_for_sale(number):
            raise RestError(400, 21422, f"{number} is not available")
        self.exchange.settings.numbers[number] = _configured(NumberSettings(), form)
        self.exchange.timeline.add(self.exchange.now, "", "number bought", number=number)
        return CREATED, self._described(number, self.exchange.settings.numbers[number])

    def fetch_number(self, sid: str, _: Form) -> Answer:
        number = self._found(sid)
        return OK, self._described(number, self.exchange.settings.numbers[number])

    def update_number(self, sid: str, form: Form) -> Answer:
        number = self._found(sid)
        settings = _configured(self.exchange.settings.numbers[number], form)
        self.exchange.settings.numbers[number] = settings
        return OK, self._described(number, settings)

    def delete_number(self, sid: str, _: Form) -> Answer:
        number = self._found(sid)
        del self.exchange.settings.numbers[number]
        self.exchange.timeline.add(self.exchange.now, "", "number released", number=number)
        return NO_CONTENT, None

    def list_available_local(self, country: str, form: Form) -> Answer:
        return self._available(country, "local", form)

    def list_available_national(self, country: str, form: Form) -> Answer:
        return self._available(country, "national", form)

    def list_available_toll_free(self, country: str, form: Form) -> Answer:
        return self._available(country, "toll_free", form)

    def _available(self, country: str, kind: str, form: Form) -> Answer:
        wish = re.compile(re.escape(one(form, "Contains", "*")).replace(r"\*", ".*"))
        area = one(form, "AreaCode")
        numbers = [
            {
                "phone_number": each,
                "friendly_name": each,
                "iso_country": country,
                "beta": False,
                "address_requirements": "local",
                "capabilities": {"voice": True, "SMS": False, "MMS": False},
            }
            for each in for_sale(country, kind)
            if each not in self.exchange.settings.numbers
            and wish.search(each)
            and each.removeprefix("+81").startswith(area)
        ]
        return OK, page("available_phone_numbers", numbers, form)

    def _any_of(self, area: str) -> str:
        for kind in ("local", "national", "toll_free"):
            for number in for_sale("JP", kind):
                if number.startswith(f"+81{area}") and number not in self.exchange.settings.numbers:
                    return number
        raise RestError(400, 21421, f"There is no number of the area {area}")

    def _found(self, sid: str) -> str:
        numbers = self.exchange.settings.numbers
        return found(next((each for each in numbers if number_sid(each) == sid), None), sid)

    def _described(self, number: str, settings: NumberSettings) -> dict[str, Any]:
        return {
            "sid": number_sid(number),
            "account_sid": self.exchange.account_sid,
            "phone_number": number,
            "friendly_name": settings.friendly_name or number,
            "voice_url": settings.voice_url or None,
            "voice_method": "POST",
            "voice_fallback_url": settings.fallback_url or None,
            "voice_fallback_method": "POST",
            "status_callback": settings.status_callback or None,
            "status_callback_method": "POST",
            "capabilities": {"voice": True, "sms": False, "mms": False, "fax": False},
            "status": "in-use",
        }


def _configured(settings: NumberSettings, form: Form) -> NumberSettings:
    return replace(
        settings,
        voice_url=one(form, "VoiceUrl", settings.voice_url),
        fallback_url=one(form, "VoiceFallbackUrl", settings.fallback_url),
        status_callback=one(form, "StatusCallback", settings.status_callback),
        friendly_name=one(form, "FriendlyName", settings.friendly_name),
    )


class Applications(Resource):
    """The one application: where browsers' calls go."""

    def list_applications(self, form: Form) -> Answer:
        return OK, page("applications", [self._described()], form)

    def fetch_application(self, sid: str, _: Form) -> Answer:
        self._found(sid)
        return OK, self._described()

    def update_application(self, sid: str, form: Form) -> Answer:
        self._found(sid)
        settings = self.exchange.settings
        settings.app_url = one(form, "VoiceUrl", settings.app_url)
        return OK, self._described()

    def _found(self, sid: str) -> None:
        found(sid if sid == self.exchange.settings.application_sid else None, sid)

    def _described(self) -> dict[str, Any]:
        return {
            "sid": self.exchange.settings.application_sid,
            "account_sid": self.exchange.account_sid,
            "friendly_name": "softphone",
            "voice_url": self.exchange.settings.app_url,
            "voice_method": "POST",
        }


class Messages(Resource):
    """Text messages: accepted, and delivered a moment later unless the receiver is a landline."""

    def create_message(self, form: Form) -> Answer:
        exchange = self.exchange
        self.refuse_foreign_sender(form["From"][0])
        to = form["To"][0]
        if _LANDLINE.fullmatch(to):
            raise RestError(400, 21614, f"{to} is not a mobile number")
        sid = exchange.new_sid("SM")
        exchange.messages[sid] = {
            "sid": sid,
            "account_sid": exchange.account_sid,
            "from": form["From"][0],
            "to": to,
            "body": form["Body"][0],
            "status": "queued",
            "date_created": moment(exchange.now),
        }
        exchange.scheduler.after(_DELIVERY_SECONDS, lambda: self._deliver(sid, one(form, "StatusCallback")))
        return CREATED, dict(exchange.messages[sid])

    def fetch_message(self, sid: str, _: Form) -> Answer:
        return OK, found(self.exchange.messages.get(sid), sid)

    def _deliver(self, sid: str, callback: str) -> None:
        exchange, message = self.exchange, self.exchange.messages[sid]
        message["status"] = "delivered"
        exchange.timeline.add(exchange.now, "", "message delivered", to=message["to"], body=message["body"])
        if callback:
            fields = {
                "AccountSid": exchange.account_sid,
                "MessageSid": sid,
                "MessageStatus": "delivered",
                "From": message["from"],
                "To": message["to"],
            }
            exchange.webhooks.callback("", callback, tuple(fields.items()))
