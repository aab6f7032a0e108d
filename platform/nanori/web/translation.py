"""``{{ _("…") }}`` and ``{% trans %}`` in templates, in the language of the page being drawn.

The language comes from the template's own context: ``words`` when there is one (mails, papers), otherwise
``page.words``. Macros that speak must therefore be imported ``with context``.
"""

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from nanori.words import Words


def install_words(environment: Environment) -> None:
    """Give an environment its translations. Call once, before the first template is loaded."""
    environment.add_extension("jinja2.ext.i18n")
    environment.globals.update(gettext=_gettext, ngettext=_ngettext, _=_gettext)


def words_in(context: Context) -> Words:
    words = context.get("words") or context["page"].words
    if not isinstance(words, Words):
        raise TypeError("a template needs `words` or `page.words`")
    return words


@pass_context
def _gettext(context: Context, msgid: str, /, **params: object) -> str:
    """Translate and fill ``{placeholders}``; when a value is markup, the rest is escaped around it."""
    text = words_in(context).gettext(msgid)
    return _filled(text, params)


@pass_context
def _ngettext(context: Context, one: str, many: str, n: int, /, **params: object) -> str:
    words = words_in(context)
    return _filled(words.ngettext(one, many, n, **{"n": words.number(n)} | params), {})


def _filled(text: str, params: dict[str, object]) -> str:
    if not params:
        return text
    if any(isinstance(value, Markup) for value in params.values()):
        return escape(text).format(**params)
    return text.format(**params)
