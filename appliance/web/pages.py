"""Pages from templates, with what every page needs."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from quart import Response, make_response, redirect, render_template, request

from appliance import __version__
from appliance.i18n import (
    CLIENTS,
    FROM_THE_RIGHT,
    LANGUAGES,
    base_language,
    plural_examples,
    translations,
)
from appliance.web.cookies import LANGUAGE, LANGUAGE_LIVES, give
from appliance.web.language import (
    NAMES,
    QUERY,
    clock_in_words,
    day_in_words,
    mailed,
    offered,
    reader_language,
    time_in_words,
    translate,
)
from appliance.web.live.agreements import binding_language
from appliance.web.parts import parts


def surroundings(language: str) -> dict[str, Any]:
    """What every template has.

    ``_`` (``_("Satz")``, ``_("%(n)s Satz", n=1)``), ``language``, ``languages`` (code to name;
    ``reader_languages`` has all that clients are offered, ``mail_languages``
    what mails may be written in), ``direction`` ("ltr", "rtl"),
    ``ngettext`` (the form for a number, ``{n}`` not filled in; ``plural_examples`` has a number
    for each form), ``binding`` (the language of what is agreed to; ``_binding`` is its ``_``),
    ``unreviewed`` (the agency has not had this translation checked), ``agency``, ``asset(path)``,
    ``module(path)`` (the tags of a page's script), ``logo`` (address or empty), ``version``,
    ``path``; ``time_in_words(at)``, ``clock_in_words``, ``day_in_words`` for aware times;
    ``guide_sounds(language)`` for kiosks.
    """
    binding = binding_language(language, parts().settings.languages.reviewed)

    return {
        "_": lambda message, **values: translate(message, language, **values),
        "_binding": lambda message, **values: translate(message, binding, **values),
        "ngettext": translations(language).ngettext,
        "plural_examples": plural_examples(language),
        "binding": binding,
        "unreviewed": language in CLIENTS and binding != language,
        "language": language,
        "direction": "rtl" if language in FROM_THE_RIGHT else "ltr",
        "languages": {code: NAMES[code] for code in LANGUAGES},
        "language_names": NAMES,
        "mail_languages": mailed(),
        "reader_languages": {code: NAMES[code] for code in offered()},
        "agency": parts().settings.agency,
        "asset": parts().assets.address,
        "module": module,
        "logo": parts().assets.logo_address(),
        "guide_sounds": guide_sounds,
        "version": __version__,
        "path": request.path,
        "time_in_words": lambda at: time_in_words(at, language),
        "clock_in_words": lambda at: clock_in_words(at, language),
        "day_in_words": lambda at: day_in_words(at, language),
    }


def module(path: str) -> Markup:
    """The page's script, and before it all that it imports, to be fetched at once."""
    assets = parts().assets
    tag = Markup('<link rel="modulepreload" href="{}">')
    before = Markup("\n  ").join(tag.format(one) for one in assets.modules(path))
    script = Markup('<script type="module" src="{}"></script>').format(assets.address(path))
    return before + script


def guide_sounds(language: str) -> dict[str, str]:
    """What a kiosk reads out, by the name of its screen: addresses of files made beforehand."""
    assets = parts().assets
    folder = f"vendor/speech/{base_language(language)}/guide_"
    return {
        path.removeprefix(folder).removesuffix(".wav"): assets.address(path)
        for path in sorted(assets.files)
        if path.startswith(folder)
    }


async def page(name: str, status: int = 200, /, **context: Any) -> Response:
    """The template ``kiosk_ui/pages/<name>.html`` as an answer; a language chosen stays."""
    language = reader_language()
    if (adviser := context.get("adviser")) is not None:  # for the bar, on every page of staff
        context["messages_open"] = await parts().live.busy.open_messages(adviser.id)
        context["requests_open"] = await parts().live.busy.open_requests(adviser.id)
    html = await render_template(f"{name}.html", **surroundings(language), **context)
    response: Response = await make_response(html, status)  # type: ignore[assignment]
    response.headers["Content-Language"] = language
    if request.args.get(QUERY) in offered():
        give(response, LANGUAGE, language, LANGUAGE_LIVES)
    return response


def own_pictures() -> list[dict[str, str]]:
    """The agency's own backgrounds for a page: each with ``look``, ``title``, ``address``."""
    assets = parts().assets
    return [
        {"look": one.look, "title": one.title, "address": assets.address(one.asset)}
        for one in assets.backgrounds
    ]


def see_other(address: str) -> Response:
    """After a POST: the page to look at, fetched anew."""
    return redirect(address, 303)  # type: ignore[return-value]  # Quart's redirect gives ours
