"""What a posted form holds under one name."""

from nanori.web.forms import Posted


def value_in(form: Posted, name: str) -> str:
    """The first text of this name, as it was typed; "" for none."""
    values = form.getall(name, [])
    return values[0] if values and isinstance(values[0], str) else ""
