"""What a shared screen looks like to those who see it."""

import asyncio
from typing import Any

from tests.e2e import walk

FAKE_SCREEN = (36, 195, 10)  # Chromium's own, in red, green and blue


async def sees_colour(person: Any, selector: str, colour: tuple[int, int, int]) -> None:
    """Waits until a visible video shows one colour, about."""
    for _ in range(150):
        shown = await walk.seen(person, selector)
        if shown is not None and abs(shown.mean(axis=(0, 1)) - colour).max() < 60:
            return
        await asyncio.sleep(0.1)
    raise TimeoutError(f"{selector} does not show {colour}")
