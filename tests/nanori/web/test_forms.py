from litestar.datastructures import FormMultiDict
from wtforms.validators import InputRequired

from nanori.errors import InvalidInput
from nanori.web.forms import (
    ColourField,
    Form,
    LongTextField,
    PhoneField,
    ReadingField,
    TextField,
    values_by_row,
)
from nanori.words import N_, words_for

JA, EN = words_for("ja"), words_for("en")


class ShopForm(Form):
    name = TextField(N_("Mail address"), [InputRequired()])
    reading = ReadingField("Reading")
    phone = PhoneField("Phone")
    colour = ColourField("Colour")
    about = LongTextField("About")


def posted(**values: str) -> FormMultiDict:
    return FormMultiDict(list(values.items()))


def test_what_was_typed_is_cleaned_and_understood() -> None:
    form = ShopForm(posted(name=" 花影　フラワー ", reading="ﾊﾅｶｹﾞ", phone="０３-１２３４-５６７８"), words=JA)

    assert form.validate()
    assert (form.name.data, form.reading.data, form.phone.data) == (
        "花影 フラワー",
        "ハナカゲ",
        "+81312345678",
    )


def test_a_bad_value_is_refused_beside_its_field_in_the_users_language() -> None:
    typed = posted(name="x", reading="花影", colour="green")
    japanese, english = ShopForm(typed, words=JA), ShopForm(typed, words=EN)

    assert not japanese.validate()
    assert not english.validate()
    assert list(japanese.reading.errors) == ["よみがなは、ひらがなまたはカタカナでご入力ください。"]
    assert list(english.reading.errors) == ["Please write the reading in hiragana or katakana."]
    assert [field for field, _, _ in english.wrong] == ["reading", "colour"]


def test_what_was_typed_stays_when_it_is_refused() -> None:
    form = ShopForm(posted(name="", reading="花影", about="<b>\r\ntwo lines"), words=JA)

    assert not form.validate()
    assert list(form.name.errors) == ["この項目は必須です。"]
    assert 'value="花影"' in form.reading()
    assert "&lt;b&gt;\ntwo lines" in form.about()


def test_a_commands_refusal_lands_beside_its_field() -> None:
    form = ShopForm(posted(name="x"), words=JA)
    form.validate()

    form.refuse(InvalidInput({"phone": "This field is required.", "other": "Nothing was changed."}))

    assert list(form.phone.errors) == ["この項目は必須です。"]
    assert form.form_errors == ["何も変更されていません。"]


def test_an_empty_post_is_a_post() -> None:
    form = ShopForm(FormMultiDict([]), words=EN, name="before")

    assert not form.validate()
    assert form.name.data == ""


def test_rows_are_read_side_by_side_and_empty_ones_dropped() -> None:
    typed = FormMultiDict(
        [("from", "9:00"), ("until", "12:00"), ("from", " "), ("until", ""), ("from", "13:00")]
    )

    assert values_by_row(typed, ("from", "until")) == [
        {"from": "9:00", "until": "12:00"},
        {"from": "13:00", "until": ""},
    ]
