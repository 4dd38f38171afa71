"""The handbooks name only what is there, in German and English alike."""

import re
import subprocess
import sys

import pytest

from tests.rules import handbook
from tests.rules.handbook import DOCS, PAGES, text_of
from tests.rules.sources import ROOT

LANGUAGES = ("de", "en")
BOTH = [(page, language) for page in PAGES for language in LANGUAGES]
OURS = re.compile(r"\bvorzimmer-[a-z]+(?:@\d*)?(?:\.(?:service|socket|timer|slice|target))?")
NO_UNITS = {"vorzimmer-alerts"}
PLACES = re.compile(r"/(?:opt|etc|var/lib)/vorzimmer[\w./-]*\w")
MADE_AT_INSTALL = {"/opt/vorzimmer/current/bin/python"}
# What other systems and the handbook itself call things, not our pages.
QUOTED = {
    "Vertrauenswürdige Stammzertifizierungsstellen", "Trusted Root Certification Authorities",
    "Zertifikatsvertrauenseinstellungen", "Certificate Trust Settings",
    "CA-Zertifikat installieren", "Install CA certificate", "the box", "die Box",
    "7 von 40: …", "7 of 40: …", "< 5", "notices", "true", "",
}  # fmt: skip
PORTS = re.compile(r"<text[^>]*>([^<]*\d{3,5}[^<]*)</text>")


@pytest.mark.parametrize(("page", "language"), BOTH)
def test_what_stands_in_code_font_is_there(page: str, language: str):
    text = text_of(page, language)
    assert [one for one in handbook.spans(text) if not handbook.is_known(one)] == []


@pytest.mark.parametrize(("page", "language"), BOTH)
def test_each_command_and_option_is_there(page: str, language: str):
    lines = handbook.commands(text_of(page, language))
    assert {one: wrong for one in lines if (wrong := handbook.wrong_command(one))} == {}


@pytest.mark.parametrize(("page", "language"), BOTH)
def test_each_unit_and_each_path_of_ours_is_there(page: str, language: str):
    text = text_of(page, language)
    units = set(OURS.findall(text)) - NO_UNITS
    assert {one for one in units if not handbook.is_unit(one)} == set()
    places = set(PLACES.findall(text)) - MADE_AT_INSTALL
    assert {one for one in places if not handbook.is_path(one)} == set()


@pytest.mark.parametrize(("page", "language"), BOTH)
def test_examples_of_settings_are_settings(page: str, language: str):
    bodies = handbook.blocks(text_of(page, language), "toml")
    assert [handbook.unknown_in_toml(one) for one in bodies if handbook.unknown_in_toml(one)] == []


@pytest.mark.parametrize(("page", "language"), BOTH)
def test_links_lead_somewhere(page: str, language: str):
    links = handbook.LINK.findall(text_of(page, language))
    assert [one for one in links if not (DOCS / one).is_file()] == []


@pytest.mark.parametrize(("page", "language"), BOTH)
def test_words_of_our_pages_are_the_ones_shown(page: str, language: str):
    assert handbook.not_shown(text_of(page, language), language) - QUOTED == set()


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same_headings_and_name_the_same_things(page: str):
    german, english = (text_of(page, language) for language in LANGUAGES)
    assert handbook.levels(german) == handbook.levels(english)
    words = {"DATEI": "FILE", "ORDNER": "FOLDER", "Vorname Nachname": "First Last"}
    translated = re.sub("|".join(words), lambda found: words[found[0]], german)
    named = re.sub(r"_de\b", "_en", translated)
    blank = [{re.sub("<.*?>", "<>", one) for one in handbook.spans(of)} for of in (named, english)]
    assert blank[0] == blank[1]
    assert [
        len(one) for one in (handbook.blocks(german, "sh"), handbook.blocks(german, "toml"))
    ] == [len(one) for one in (handbook.blocks(english, "sh"), handbook.blocks(english, "toml"))]


def test_the_table_of_periods_is_the_one_that_is_deleted_by():
    words = [sys.executable, ROOT / "scripts" / "write-periods", "--check"]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_picture_names_the_ports_of_the_settings():
    defaults = {
        str(handbook.Settings.model_fields[table].default.model_dump()[name])
        for table, name in (("media", "port"), ("turn", "port"), ("turn", "tls_port"))
    } | {"443"}
    drawn = [(DOCS / f"network_{one}.svg").read_text(encoding="utf-8") for one in LANGUAGES]
    for picture in drawn:
        assert set(re.findall(r"\d{3,5}", " ".join(PORTS.findall(picture)))) == defaults
    assert drawn[0].count("<text") == drawn[1].count("<text")


@pytest.mark.parametrize(
    "wrong",
    ["vorzimmer doktor", "vorzimmer doctor --jsom", "scripts/instal", "turn.hots", "web.bindd = []",
     "vorzimmer-purge.socket", "/etc/vorzimmer/conf.toml", "/redyz", "backup_not_purgd",
     "vorzimmer_redy", "Nothing is wronk.", "/opt/vorzimmer/current/systemd/nft.conf.example"],
)  # fmt: skip
def test_a_slip_is_found(wrong: str):
    assert not handbook.is_known(wrong)
