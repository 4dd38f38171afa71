"""What Chromium shares where there is no display: a picture of one colour."""

import asyncio
from typing import Any

from tests.e2e import walk

COLOUR = (36, 195, 10)  # red, green, blue


async def shown(person: Any, selector: str) -> None:
    """Waits until a visible video shows it."""
    for _ in range(150):
        picture = await walk.seen(person, selector)
        if picture is not None and abs(picture.mean(axis=(0, 1)) - COLOUR).max() < 60:
            return
        await asyncio.sleep(0.1)
    raise TimeoutError(f"{selector} does not show the shared screen")
