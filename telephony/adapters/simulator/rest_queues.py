"""Queues and those who wait in them, over REST."""

from typing import Any, Final

from telephony.adapters.simulator.queues import Member, Queue
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
from telephony.adapters.simulator.runner import Request

_LARGEST: Final = 5000


class Queues(Resource):
    """Make and look at queues; take callers out of them."""

    def list_queues(self, form: Form) -> Answer:
        return OK, page("queues", [self._queue(each) for each in self.exchange.queues.values()], form)

    def create_queue(self, form: Form) -> Answer:
        name = form["FriendlyName"][0]
        if name in self.exchange.queues:
            raise RestError(400, 22003, f"Queue already exists for friendly name {name}")
        queue = self.exchange.queue_named(name)
        self._resize(queue, form)
        return CREATED, self._queue(queue)

    def fetch_queue(self, sid: str, _: Form) -> Answer:
        return OK, self._queue(self._found(sid))

    def update_queue(self, sid: str, form: Form) -> Answer:
        queue = self._found(sid)
        name = one(form, "FriendlyName", queue.name)
        if name != queue.name and name in self.exchange.queues:
            raise RestError(400, 22003, f"Queue already exists for friendly name {name}")
        del self.exchange.queues[queue.name]
        queue.name = name
        self.exchange.queues[name] = queue
        self._resize(queue, form)
        return OK, self._queue(queue)

    def delete_queue(self, sid: str, _: Form) -> Answer:
        queue = self._found(sid)
        if queue.members:
            raise RestError(400, 22002, "Cannot delete a queue that is not empty")
        del self.exchange.queues[queue.name]
        return NO_CONTENT, None

    def list_members(self, sid: str, form: Form) -> Answer:
        queue = self._found(sid)
        return OK, page("queue_members", [self._member(queue, each) for each in queue.members], form)

    def fetch_member(self, sid: str, key: str, _: Form) -> Answer:
        queue = self._found(sid)
        return OK, self._member(queue, found(queue.find(key), key))

    def update_member(self, sid: str, key: str, form: Form) -> Answer:
        """Take a caller out of the queue: works once, like a compare-and-swap."""
        queue = self._found(sid)
        member = found(queue.find(key), key)
        described = self._member(queue, member)
        queue.leave(member)
        self.exchange.run(member.leg, Request(form["Url"][0], one(form, "Method", "POST")))
        return OK, described

    def _resize(self, queue: Queue, form: Form) -> None:
        size = int(one(form, "MaxSize", str(queue.max_size)))
        if size > _LARGEST:
            raise RestError(400, 20001, f"MaxSize is at most {_LARGEST}")
        queue.max_size = size

    def _found(self, sid: str) -> Queue:
        return found(next((each for each in self.exchange.queues.values() if each.sid == sid), None), sid)

    def _queue(self, queue: Queue) -> dict[str, Any]:
        return {
            "sid": queue.sid,
            "account_sid": self.exchange.account_sid,
            "friendly_name": queue.name,
            "current_size": len(queue.members),
            "max_size": queue.max_size,
            "average_wait_time": queue.average_wait(self.exchange.now),
            "date_created": moment(queue.created_at),
        }

    def _member(self, queue: Queue, member: Member) -> dict[str, Any]:
        return {
            "call_sid": member.leg.sid,
            "queue_sid": queue.sid,
            "date_enqueued": moment(member.since),
            "position": queue.position(member),
            "wait_time": member.waited(self.exchange.now),
        }
