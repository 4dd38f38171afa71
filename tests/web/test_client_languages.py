"""Languages for clients alone: chosen or asked for by the browser; German binds until reviewed."""

import pytest

from appliance.i18n import CLIENTS, translations
from appliance.settings import LanguageSettings, Settings
from appliance.web.language import NAMES
from appliance.web.live.agreements import binding_language, consent_text, consent_text_hash
from tests.web.test_pages import OPEN_PAGES

MARKED = (
    "Diese Übersetzung hilft beim Lesen. Das Amt hat sie noch nicht geprüft. "
    "Es gilt der deutsche Text darunter."
)


@pytest.fixture
def chosen() -> dict[str, list[str]]:
    return {}


@pytest.fixture
def settings(tmp_path, chosen) -> Settings:
    languages = LanguageSettings(**chosen)
    return Settings(data_dir=tmp_path, runtime_dir=tmp_path / "run", languages=languages)


@pytest.mark.parametrize("language", CLIENTS)
async def test_it_works(web, language):
    browser = web.browser(Accept_Language=language)
    for path in OPEN_PAGES:
        answer = await browser.get(path)
        html = await answer.get_data(as_text=True)
        shown = "de" if path.startswith("/console") else language
        way = "rtl" if shown == "ar" else "ltr"
        assert answer.status_code == 200, path
        assert f'<html lang="{shown}" dir="{way}"' in html
    assert translations(language).gettext("Ihr Video-Termin mit dem Amt") in await shows(
        web, "/", language
    )


@pytest.mark.parametrize("path", ["/", "/v", "/test"])
async def test_each_language_is_there_in_its_own_name(web, path):
    html = await shows(web, path)
    for code, name in NAMES.items():
        assert f'hreflang="{code}" lang="{code}"' in html
        assert f"<bdi>{name}</bdi>" in html


@pytest.mark.parametrize("language", CLIENTS)
async def test_the_german_statements_bind_and_the_translation_is_marked(web, language):
    html = await shows(web, "/test", language)
    say = translations(language).gettext
    assert say(MARKED) in html
    assert say("Diese Übersetzung hat das Amt noch nicht geprüft.") in html
    for statement in consent_text("de").splitlines():
        assert statement in html
        assert not statement.endswith(".") or say(statement) in html
    assert '<div lang="de" dir="ltr">' in html


@pytest.mark.parametrize("path", ["/impressum", "/datenschutz", "/barrierefreiheit"])
async def test_law_is_german_with_a_translation_below(web, path):
    html = await shows(web, path, "ar")
    assert html.index('<article class="sheet prose" lang="de" dir="ltr">') < html.index(
        '<article class="sheet prose">'
    )


@pytest.mark.parametrize("chosen", [{"reviewed": ["de", "ar"]}])
async def test_what_the_agency_has_reviewed_binds(web):
    html = await shows(web, "/test", "ar")
    assert "Das Amt darf prüfen, wer ich bin." not in html
    assert translations("ar").gettext("Das Amt darf prüfen, wer ich bin.") in html
    assert 'lang="de" dir="ltr"' not in await shows(web, "/datenschutz", "ar")
    english = await shows(web, "/test", "en")
    assert "Das Amt darf prüfen, wer ich bin." in english


@pytest.mark.parametrize("chosen", [{"reviewed": ["de", "tr"]}])
async def test_mails_are_offered_in_what_is_reviewed(web):
    adviser = await web.adviser()
    html = await (await adviser.get("/console/appointments/new")).get_data(as_text=True)
    assert '<option value="tr" lang="tr">Türkçe</option>' in html
    assert '<option value="ar"' not in html


@pytest.mark.parametrize("chosen", [{"offered": ["de", "tr"]}])
async def test_what_is_not_offered_is_german(web):
    html = await shows(web, "/", "ar")
    assert '<html lang="de" dir="ltr"' in html
    assert 'hreflang="ar"' not in html
    assert 'hreflang="tr"' in html
    assert '<html lang="tr"' in await shows(web, "/", "tr")


def test_the_fingerprint_is_of_the_binding_words():
    assert binding_language("de-simple", ["de", "en"]) == "de"
    assert binding_language("ar", ["de", "en"]) == "de"
    assert binding_language("ar", ["de", "ar"]) == "ar"
    assert consent_text("ar") != consent_text("de")
    assert consent_text_hash("1", "ar") != consent_text_hash("1", "de")


async def shows(web, path: str, language: str = "de") -> str:
    return await (await web.browser().get(f"{path}?sprache={language}")).get_data(as_text=True)
