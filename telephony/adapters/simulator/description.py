"""Twilio's own description of its REST interface, read where the file is at hand."""

import json
import re
from pathlib import Path
from typing import Any

from telephony.adapters.simulator.contract import FLAG, Check, Operation, Pairs, matches, repeated

_ANYTHING = matches(r"(?s).*")
_KINDS: dict[str, Check] = {"boolean": FLAG, "integer": matches(r"-?\d+")}


class Description:
    """What Twilio says about each operation: its fields, their types and values."""

    def __init__(self, file: Path) -> None:
        self._spec: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))

    @property
    def is_excerpt(self) -> bool:
        """Whether the file says of itself that it leaves operations out."""
        return bool(self._spec.get("excerpt", False))

    def operation(self, path: str, method: str) -> dict[str, Any]:
        """The description of one operation.

        Raises:
            KeyError: there is none.
        """
        found: dict[str, Any] = self._spec["paths"][path][method.lower()]
        return found

    def fields(self, path: str, method: str) -> dict[str, dict[str, Any]]:
        """Fields of an operation, by name: form fields, or query parameters for a GET."""
        operation = self.operation(path, method)
        if "requestBody" not in operation:
            return {
                one["name"]: one["schema"] for one in operation.get("parameters", []) if one["in"] == "query"
            }
        properties: dict[str, dict[str, Any]] = _form(operation).get("properties", {})
        return properties

    def required(self, path: str, method: str) -> tuple[str, ...]:
        """Form fields that must be there."""
        operation = self.operation(path, method)
        return tuple(_form(operation).get("required", ())) if "requestBody" in operation else ()

    def values(self, path: str, method: str, name: str) -> set[str]:
        """The values that a field may have, where they are listed."""
        schema = self._resolved(self.fields(path, method)[name])
        return set(self._resolved(schema.get("items", schema)).get("enum", ()))

    def violations(self, operation: Operation, identifiers: dict[str, str], pairs: Pairs) -> list[str]:
        """What is wrong with a request by Twilio's own words."""
        path, method = operation.documented_path, operation.method
        fields = self.fields(path, method)
        arrays = tuple(name for name, schema in fields.items() if schema.get("type") == "array")
        names = {name for name, _ in pairs}
        wrong = self._identifiers(operation, identifiers)
        wrong += [f"{name} is missing" for name in self.required(path, method) if name not in names]
        wrong += repeated(pairs, arrays)
        for name, value in pairs:
            if name not in fields:
                wrong.append(f"{name} is not described")
            elif not self._allows(fields[name], value):
                wrong.append(f"{name}={value!r} is not described")
        return wrong

    def _identifiers(self, operation: Operation, identifiers: dict[str, str]) -> list[str]:
        """Identifiers in the path, which Twilio spells with other names but in the same order."""
        described = {one["name"]: one["schema"] for one in self._parameters(operation) if one["in"] == "path"}
        names = re.findall(r"\{(\w+)\}", operation.documented_path)
        return [
            f"{ours}={value} is not described"
            for theirs, (ours, value) in zip(names, identifiers.items(), strict=True)
            if theirs in described and not self._allows(described[theirs], value)
        ]

    def _parameters(self, operation: Operation) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.operation(operation.documented_path, operation.method).get(
            "parameters", []
        )
        return found

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in schema:
            return schema
        found: dict[str, Any] = self._spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return found

    def _allows(self, schema: dict[str, Any], value: str) -> bool:
        schema = self._resolved(schema)
        if schema.get("type") == "array":
            return self._allows(schema["items"], value)
        if schema.get("format") == "uri" and not URI(value):
            return False
        return (
            _KINDS.get(schema.get("type", ""), _ANYTHING)(value)
            and value in schema.get("enum", [value])
            and re.search(schema.get("pattern", ""), value) is not None
        )


URI = matches(r"[a-z][a-z0-9+.-]*:[^\s]+")


def _form(operation: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    return found
