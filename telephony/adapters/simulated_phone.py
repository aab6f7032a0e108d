"""Pulls the levers of the simulated carrier's process over HTTP."""

import httpx


class SimulatorLevers:
    """The simulated softphone, and what ``/demo/carrier`` needs; ``key`` is the simulator's shared secret."""

    def __init__(self, base_url: str, key: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            base_url=base_url, headers={"X-Sim-Key": key}, timeout=5.0, transport=transport
        )

    async def connect(self, identity: str, leg_token: str) -> None:
        answer = await self.ask("POST", f"/sim/clients/{identity}/connect", {"params": {"leg": leg_token}})
        answer.raise_for_status()

    async def disconnect(self, identity: str) -> None:
        await self.ask("POST", f"/sim/clients/{identity}/disconnect", {})

    async def ask(self, method: str, path: str, body: dict[str, object] | None = None) -> httpx.Response:
        """One request to the control API, whatever its answer."""
        return await self._client.request(method, path, json=body)

    async def close(self) -> None:
        await self._client.aclose()
