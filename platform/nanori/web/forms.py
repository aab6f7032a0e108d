"""Forms: typed values in, sentences beside the field out, and whatever was typed stays.

A room subclasses :class:`Form` and gives fields of this module or of WTForms. Labels and errors are msgids;
templates translate them (``nanori/macros/forms.html``).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qsl

from litestar import Request
from wtforms import Form as WTForm
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.meta import DefaultMeta
from wtforms.validators import ValidationError
from wtforms.widgets import TextArea, TextInput

from nanori import text
from nanori.errors import InvalidInput
from nanori.words import N_, Words

WTFORMS_SAYS = (
    N_("This field is required."),
    N_("Not a valid choice."),
    N_("Not a valid integer value."),
    N_("Not a valid date value."),
    N_("Invalid Choice: could not coerce."),
)
"""Sentences of WTForms that our forms can produce, listed so that the catalogue translates them."""


class Posted(Protocol):
    """A form as Litestar reads it (``await request.form()``): names with one or more values each."""

    def getall(self, key: str, default: list[Any], /) -> list[Any]: ...
    def __contains__(self, key: object) -> bool: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...


class _Values:
    """What WTForms wants to read from."""

    def __init__(self, posted: Posted) -> None:
        self._posted = posted

    def __contains__(self, name: str) -> bool:
        return name in self._posted

    def __iter__(self) -> Iterator[str]:
        return iter(self._posted)

    def __len__(self) -> int:
        return len(self._posted)

    def getlist(self, name: str) -> list[Any]:
        return list(self._posted.getall(name, []))


class _Meta(DefaultMeta):
    words: Words

    def get_translations(self, form: object) -> Words:  # noqa: ARG002 -- as WTForms calls it
        return self.words


class Form(WTForm):
    """A form in the user's language.

    Args:
        posted: what the browser sent, or None to show the initial values.
        initial: values by field name, shown until something is posted.
    """

    Meta = _Meta

    def __init__(self, posted: Posted | None = None, *, words: Words, **initial: object) -> None:
        values = None if posted is None else _Values(posted)
        super().__init__(values, data=initial, meta={"words": words})
        self.words = words

    def refuse(self, error: InvalidInput) -> None:
        """Put what a command refused beside the fields; what names no field goes on top."""
        for name, msgid in error.fields.items():
            said = self.words.gettext(msgid)
            said = said.format(**error.params) if error.params else said
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, said]
            else:
                self.form_errors.append(said)
        if not error.fields:
            self.form_errors.append(error.said_in(self.words))

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """Field id, label and sentence of all that is wrong, in the order of the form."""
        return [
            (str(field.id), str(field.label.text), str(problem))
            for field in self
            for problem in field.errors
            if isinstance(problem, str)
        ]


class TextField(StringField):
    """Text without stray spaces and control characters; ``data`` is never None."""

    clean: Callable[[str], str] = staticmethod(text.one_line)

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""
        self.data = type(self).clean(typed)

    def process_data(self, value: object) -> None:
        self.data = "" if value is None else str(value)

    @property
    def value(self) -> str:
        """What was typed, cleaned and, after validating, in its stored shape."""
        return self.data or ""


class LongTextField(TextField):
    """Text of several lines."""

    widget = TextArea()
    clean = staticmethod(text.tidied)

    def __call__(self, **attributes: object) -> Any:
        return super().__call__(**{"rows": 3} | attributes)


class _ReadField(TextField):
    """Text with a meaning: ``read`` turns it into what is stored, or the field is refused with ``says``.

    What was typed stays in the field when it cannot be read.
    """

    says: str
    read: Callable[[str], str]

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 -- as WTForms calls it
        if not self.data:
            return
        try:
            self.data = type(self).read(self.data)
        except ValueError as problem:
            raise ValidationError(self.gettext(self.says)) from problem


class ReadingField(_ReadField):
    says = N_("Please write the reading in hiragana or katakana.")
    read = staticmethod(text.kana)


class PhoneField(_ReadField):
    says = N_("This is not a phone number. Example: 03-1234-5678")
    read = staticmethod(text.phone_e164)


class AddressField(_ReadField):
    says = N_("This is not a mail address. Example: support@shop.example")
    read = staticmethod(text.mail_address)


class ColourField(_ReadField):
    says = N_("Please write the colour as # and six figures. Example: #1f6b45")
    read = staticmethod(text.hex_colour)


class ChoiceField(SelectField):
    """One of several; ``choices`` are pairs of code and name, the names are msgids."""

    def __init__(self, label: str, choices: Sequence[tuple[str, str]], **settings: Any) -> None:
        super().__init__(label, choices=[SelectChoice(code, said) for code, said in choices], **settings)

    def iter_choices(self) -> Iterator[Any]:
        choice: Any
        for choice in super().iter_choices():
            yield choice._replace(label=str(self.gettext(choice.label)))


class AtMost:
    """Refuse text longer than ``letters``."""

    def __init__(self, letters: int) -> None:
        self.letters = letters
        self.field_flags = {"maxlength": letters}

    def __call__(self, _form: object, field: Any) -> None:
        if len(field.data or "") > self.letters:
            said: str = field.gettext(N_("Please use at most {letters} characters."))
            raise ValidationError(said.format(letters=self.letters))


class Between:
    """Refuse whole numbers outside of ``least`` to ``most``."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, _form: object, field: Any) -> None:
        if not isinstance(field.data, int):
            return
        if not self.least <= field.data <= self.most:
            said: str = field.gettext(N_("Please give a number from {least} to {most}."))
            raise ValidationError(said.format(least=self.least, most=self.most))


class NumberField(IntegerField):
    """A whole number; full-width figures are read too, and what is no number stays as it was typed."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([text.code_like(str(v)).replace(",", "") for v in valuelist if v])

    def __call__(self, **attributes: object) -> Any:
        return super().__call__(**{"inputmode": "numeric", "autocomplete": "off"} | attributes)


async def fields_in_order(request: Request[Any, Any, Any]) -> list[tuple[str, str]]:
    """Names and values as they stand on the page, which ``request.form()`` does not keep.

    Only for forms without files.
    """
    body = (await request.body()).decode(errors="replace")
    return parse_qsl(body, keep_blank_values=True)


def values_by_row(posted: Posted, names: tuple[str, ...]) -> list[dict[str, str]]:
    """Repeated rows: the n-th values of each name belong together; rows without any text are dropped."""
    columns = {name: [str(v) for v in posted.getall(name, [])] for name in names}
    length = max(map(len, columns.values()), default=0)
    rows = [
        {name: text.tidied(column[n]) if n < len(column) else "" for name, column in columns.items()}
        for n in range(length)
    ]
    return [row for row in rows if any(row.values())]
