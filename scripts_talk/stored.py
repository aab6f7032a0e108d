"""Steps as the JSON in which a version keeps them, and back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from scripts_talk.conditions import Answer, Condition
from scripts_talk.steps import Branch, CapturedField, Goods, Step, Wording
from scripts_talk.values import FieldKind, Match, Situation, StepKind


def as_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Every step with its key; what is empty is left out."""
    return [_step(step, place) for place, step in enumerate(steps)]


def from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    return tuple(_step_from(one) for one in stored)


def condition_as_json(when: Condition) -> dict[str, Any]:
    answer = when.answer
    return _filled(
        {
            "situations": sorted(one.value for one in when.situations),
            "campaign": when.campaign,
            "first_day": when.first_day.isoformat() if when.first_day else None,
            "last_day": when.last_day.isoformat() if when.last_day else None,
            "from_minute": when.from_minute,
            "until_minute": when.until_minute,
            "weekdays": sorted(when.weekdays),
            "answer": {"field": answer.field, "test": answer.test.value, "value": answer.value}
            if answer
            else None,
        }
    )


def condition_from_json(stored: Mapping[str, Any]) -> Condition:
    answer = stored.get("answer")
    return Condition(
        situations=frozenset(Situation(one) for one in stored.get("situations", ())),
        campaign=stored.get("campaign", ""),
        first_day=_day(stored.get("first_day")),
        last_day=_day(stored.get("last_day")),
        from_minute=stored.get("from_minute"),
        until_minute=stored.get("until_minute"),
        weekdays=frozenset(stored.get("weekdays", ())),
        answer=Answer(field=answer["field"], test=Match(answer["test"]), value=answer.get("value", ""))
        if answer
        else None,
    )


def _step(step: Step, place: int) -> dict[str, Any]:
    optional = {
        "hint": step.hint,
        "wordings": [{"say": one.say, "when": condition_as_json(one.when)} for one in step.wordings],
        "fields": [_field(one) for one in step.fields],
        "branches": [{"to": one.to, "when": condition_as_json(one.when)} for one in step.branches],
        "then": step.then,
        "goods": {"code": step.goods.code, "is_subscription": step.goods.is_subscription}
        if step.goods
        else None,
    }
    always = {"key": step.key or f"s{place + 1}", "title": step.title, "kind": step.kind.value}
    return always | {"say": step.say} | _filled(optional)


def _field(field: CapturedField) -> dict[str, Any]:
    optional = {"required": field.required, "choices": list(field.choices)}
    return {"key": field.key, "label": field.label, "kind": field.kind.value} | _filled(optional)


def _step_from(stored: Mapping[str, Any]) -> Step:
    goods = stored.get("goods")
    return Step(
        key=stored.get("key", ""),
        title=stored["title"],
        kind=StepKind(stored.get("kind", StepKind.TALK)),
        say=stored["say"],
        wordings=tuple(
            Wording(say=one["say"], when=condition_from_json(one.get("when", {})))
            for one in stored.get("wordings", ())
        ),
        hint=stored.get("hint", ""),
        fields=tuple(_field_from(one) for one in stored.get("fields", ())),
        branches=tuple(
            Branch(to=one["to"], when=condition_from_json(one.get("when", {})))
            for one in stored.get("branches", ())
        ),
        then=stored.get("then", ""),
        goods=Goods(code=goods["code"], is_subscription=goods.get("is_subscription", False))
        if goods
        else None,
    )


def _field_from(stored: Mapping[str, Any]) -> CapturedField:
    return CapturedField(
        key=stored["key"],
        label=stored["label"],
        kind=FieldKind(stored["kind"]),
        required=stored.get("required", False),
        choices=tuple(stored.get("choices", ())),
    )


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty; 0 o'clock is a value."""
    return {name: value for name, value in values.items() if value or type(value) is int}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
