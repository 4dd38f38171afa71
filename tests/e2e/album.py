"""Pictures of pages in all sizes, and whether any is missing: for ``scripts/screenshots``."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.e2e import accessible, clips

FOLDER = clips.ROOT / "screenshots"
HELD = ((390, 844), (1280, 800))  # a telephone in the hand, a computer
KIOSK = ((1080, 1920), (1920, 1080))  # upright, and lying
Sizes = tuple[tuple[int, int], ...]

# The check, a kiosk's clock and the like do not go on while a picture is taken.
STAND_STILL = (
    "() => Object.defineProperty(document, 'hidden', { get: () => window.still ?? false })"
)


class Album:
    """The pictures of one part of the walk in one language."""

    def __init__(self, language: str, part: str, sizes: Sizes = HELD) -> None:
        self.language = language
        self.part = part
        self.sizes = sizes
        self.taken: list[str] = []
        self.outside: list[str] = []  # what leaves the window at its sides
        for old in FOLDER.glob(f"{language}-{part}.*.png"):
            old.unlink()

    def file(self, name: str, width: int, height: int) -> Path:
        """Where a page's picture in one size is."""
        return FOLDER / f"{self.language}-{self.part}.{name}-{width}x{height}.png"

    async def take(self, person: Any, name: str, whole: bool = True) -> None:
        """``whole`` takes what lies below the fold, too."""
        self.taken.append(name)
        before = person.page.viewport_size
        await person.evaluate("(window.still = true)")
        await person.page.wait_for_timeout(300)
        for width, height in self.sizes:
            await person.page.set_viewport_size({"width": width, "height": height})
            await person.page.wait_for_timeout(250)
            await person.page.screenshot(path=self.file(name, width, height), full_page=whole)
            off = await person.evaluate(accessible.OFFSIDE)
            self.outside += [f"{self.language} {self.part} {name} {width} px: {one}" for one in off]
        await person.page.set_viewport_size(before)
        await person.evaluate("(window.still = false)")

    def there(self, name: str) -> int:
        """In how many sizes a page's picture is there."""
        return sum(self.file(name, *size).is_file() for size in self.sizes)


def counted(albums: Iterable[Album], pages: dict[str, tuple[str, ...]]) -> tuple[str, list[str]]:
    """A table of how many sizes of each page there are in each language, and what is missing.

    ``pages`` are the names that a part has to have; one it takes besides is counted as well.
    """
    albums = list(albums)
    languages = list(dict.fromkeys(one.language for one in albums))
    lines = [f"{'page':40}" + "".join(f"{one:>11}" for one in languages)]
    missing = []
    for part in dict.fromkeys(one.part for one in albums):
        of_part = {one.language: one for one in albums if one.part == part}
        taken = [name for one in of_part.values() for name in one.taken]
        for name in dict.fromkeys((*pages[part], *taken)):
            cells = []
            for language in languages:
                album = of_part.get(language)
                found = album.there(name) if album else 0
                cells.append(f"{f'{found} of {len(album.sizes)}' if album else '-':>11}")
                if album and found < len(album.sizes):
                    missing.append(f"{language} {part} {name}")
            lines.append(f"{f'{part} {name}':40}" + "".join(cells))
    return "\n".join(lines), missing
