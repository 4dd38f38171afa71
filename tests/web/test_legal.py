"""Imprint, data protection, accessibility: what IT sets is there, in every language."""

import pytest

from appliance.settings import AgencySettings, Settings
from tests.web.conftest import text_of

SAID = {
    "/impressum": {"represented_by": "Dr. Petra Amtmann", "supervised_by": "Senatskanzlei Berlin"},
    "/datenschutz": {
        "data_protection_contact": "dsb@amt.example",
        "data_protection_authority": "Datenschutzbeauftragte des Landes, Alt-Moabit 59",
    },
    "/barrierefreiheit": {
        "accessibility_contact": "barrierefrei@amt.example",
        "accessibility_authority": "Schlichtungsstelle, Mauerstraße 53",
        "accessibility_assessed": "Selbstbewertung vom 1. November 2026",
    },
}


@pytest.fixture
def settings(tmp_path) -> Settings:
    facts = {name: words for page in SAID.values() for name, words in page.items()}
    agency = AgencySettings(name="Amt für Prüfung", **facts)
    return Settings(data_dir=tmp_path, runtime_dir=tmp_path / "run", agency=agency)


@pytest.mark.parametrize("path", SAID)
@pytest.mark.parametrize("language", ["de", "de-simple", "en"])
async def test_it_works(web, path, language):
    words = await text_of(await web.browser().get(f"{path}?sprache={language}"))
    assert [one for one in SAID[path].values() if one not in words] == []
    assert "Amt für Prüfung" in words


@pytest.mark.parametrize("path", SAID)
async def test_each_page_leads_there(web, path):
    assert f'href="{path}"' in await (await web.browser().get("/requirements")).get_data(True)
