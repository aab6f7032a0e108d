import pytest
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from nanori.web.translation import install_words
from nanori.words import Words

JA = Words(
    locale="ja",
    catalogue={
        "Hello {name}": ("こんにちは、{name}さん",),
        "Hello %(name)s": ("こんにちは、%(name)sさん",),
        "{n} call": ("{n}件",),
    },
)


@pytest.fixture
def environment() -> Environment:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    install_words(environment)
    return environment


def test_a_template_speaks_the_language_of_its_page(environment: Environment) -> None:
    template = environment.from_string(
        '{{ _("Hello {name}", name=who) }} {{ ngettext("{n} call", "{n} calls", 1200) }}'
    )

    assert template.render(words=JA, who="佐藤") == "こんにちは、佐藤さん 1,200件"
    assert template.render(words=Words(locale="en"), who="Sato") == "Hello Sato 1,200 calls"


def test_values_are_escaped_and_markup_is_kept(environment: Environment) -> None:
    template = environment.from_string('{{ _("Hello {name}", name=who) }}')

    assert template.render(words=JA, who="<b>") == "こんにちは、&lt;b&gt;さん"
    assert template.render(words=JA, who=Markup("<b>佐藤</b>")) == "こんにちは、<b>佐藤</b>さん"


def test_blocks_are_translated_and_their_values_escaped(environment: Environment) -> None:
    template = environment.from_string("{% trans name=who %}Hello {{ name }}{% endtrans %}")

    assert template.render(words=JA, who="<b>") == "こんにちは、&lt;b&gt;さん"


def test_a_template_without_a_language_is_a_mistake(environment: Environment) -> None:
    with pytest.raises(TypeError):
        environment.from_string('{{ _("Hello") }}').render(words="ja")
