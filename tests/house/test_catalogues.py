"""The catalogues in locale/: complete, whole, and compiled. Read without GNU gettext."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from hosting.templatetags import market
from tests.house.files import ROOT, committed_files

SPOKEN = ("accounts", "hosting", "marketplace", "templates")
CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))
# How many of a call's leading arguments are texts.
TEXTS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2}
# What templatize() makes of a mark in a template: gettext(u"..."), ngettext(u"...", u"...", count), _("...").
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(
    rf"(?<!\w)(?:gettext|ngettext|_)\(({LITERAL})(?:, ({LITERAL}), count)?\)", re.DOTALL
)
# What a translation has to keep: parameters, literal percent signs, and tags.
KEPT = re.compile(r"%\(\w+\)[a-z]|%%|%[a-z](?!\w)|\{\w*\}|</?[a-z]+[^>]*>")

# One text, or the singular and the plural of one.
Marked = tuple[str, ...]

every_catalogue = pytest.mark.parametrize(
    "path", CATALOGUES, ids=[path.relative_to(ROOT / "locale").parts[0] for path in CATALOGUES]
)


def python_marks(source: str) -> Iterator[Marked]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = [
                one.value
                for one in node.args[: TEXTS.get(name, 0)]
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            if texts and len(texts) == TEXTS[name]:
                yield tuple(texts)


def template_marks(source: str) -> Iterator[Marked]:
    for texts in TEMPLATE_CALL.findall(templatize(source)):
        yield tuple(ast.literal_eval(text) for text in texts if text)


def marked() -> dict[Marked, str]:
    """Every text marked for translation, and a file that marks it."""
    found: dict[Marked, str] = {}
    for path in committed_files():
        name = path.relative_to(ROOT)
        if name.parts[0] not in SPOKEN or path.suffix not in {".py", ".html", ".txt"}:
            continue
        read = python_marks if path.suffix == ".py" else template_marks
        found |= dict.fromkeys(read(path.read_text()), str(name))
    return found


def live(path: Path) -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(path)) if not entry.obsolete]


def texts(entry: polib.POEntry) -> dict[int, str]:
    return entry.msgstr_plural if entry.msgid_plural else {0: entry.msgstr}


def kept(text: str) -> list[str]:
    return sorted(KEPT.findall(text))


def test_marks_are_found_in_code_and_in_templates():
    found = marked()
    assert ("Find a hotel",) in found
    assert ("in review",) in found
    assert ("%(count)s hotel entered", "%(count)s hotels entered") in found
    assert ("%(months)s month", "%(months)s months") in found


@every_catalogue
def test_every_marked_text_is_in_the_catalogue(path):
    there = {
        (entry.msgid, entry.msgid_plural) if entry.msgid_plural else (entry.msgid,) for entry in live(path)
    }
    # gettext keeps one entry for a text that is marked both alone and with a plural.
    there |= {(one[0],) for one in there}
    lacking = {text: file for text, file in marked().items() if text not in there}
    assert lacking == {}, "run make messages, and translate; gettext sees no mark inside an f-string"


@every_catalogue
def test_every_text_is_translated_and_none_is_a_guess(path):
    lacking = [entry.msgid for entry in live(path) if entry.fuzzy or not all(texts(entry).values())]
    assert lacking == []


@every_catalogue
def test_every_plural_has_the_forms_of_the_language(path):
    header = polib.pofile(str(path)).metadata["Plural-Forms"]
    number = int(re.search(r"nplurals=(\d)", header)[1])
    wrong = [
        entry.msgid for entry in live(path) if entry.msgid_plural and set(texts(entry)) != set(range(number))
    ]
    assert wrong == []


@every_catalogue
def test_a_translation_keeps_parameters_and_tags(path):
    wrong = [
        (entry.msgid, text)
        for entry in live(path)
        for text in texts(entry).values()
        # A form for one may leave the number out, as the English one does.
        if kept(text) not in (kept(entry.msgid_plural or entry.msgid), kept(entry.msgid))
    ]
    assert wrong == []


@every_catalogue
def test_the_compiled_catalogue_says_what_the_catalogue_says(path):
    compiled = polib.mofile(str(path.with_suffix(".mo")))
    assert {(entry.msgctxt, entry.msgid, entry.msgid_plural): texts(entry) for entry in compiled} == {
        (entry.msgctxt, entry.msgid, entry.msgid_plural): texts(entry) for entry in live(path)
    }, "run make messages, which compiles it"
    assert compiled.metadata["Plural-Forms"] == polib.pofile(str(path)).metadata["Plural-Forms"]


@every_catalogue
def test_a_catalogue_names_the_project_and_nobody(path):
    catalogue = polib.pofile(str(path))
    assert catalogue.metadata["Project-Id-Version"] == "mining-hotels"
    assert "@" not in catalogue.header + "".join(catalogue.metadata.values())


def test_a_language_is_offered_when_its_catalogue_is_compiled():
    compiled = {path.parts[-3] for path in CATALOGUES if path.with_suffix(".mo").is_file()}
    assert compiled
    offered = {to_locale(language["code"]) for language in market.spoken_languages()}
    assert offered == {"en"} | compiled


def test_a_language_without_a_compiled_catalogue_is_not_offered(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    assert [language["code"] for language in market.spoken_languages()] == ["en"]
