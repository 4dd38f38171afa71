"""How much of the room behind somebody can be seen in the large picture on another's page."""

import asyncio
from typing import Any

import numpy as np

from tests.device_check import chroma_key
from tests.media.background_pages import MEASURE

LOOK = (
    "(() => {"
    + MEASURE
    + """
  const video = [...document.querySelectorAll('video[data-other-picture], video[data-large]')]
    .find((one) => one.checkVisibility() && one.videoWidth > 0);
  return video ? measure(video) : null;
})()"""
)


def raw_detail() -> float:
    """What the room would show, measured as the other page does: neighbours at 320 x 180."""
    luma = chroma_key.office()[::2, ::2, 1].astype(float)
    edge = int(320 * 0.13)
    room = np.hstack([luma[:, :edge], luma[:, -edge:]])
    return float((np.diff(room, axis=0) ** 2).mean() + (np.diff(room, axis=1) ** 2).mean())


async def looks(other: Any, count: int) -> list[dict[str, float]]:
    """So many looks at the picture, from the first one on."""
    found: list[dict[str, float]] = []
    async with asyncio.timeout(60):
        while len(found) < count:
            one = await other.evaluate(LOOK)
            if one:
                found.append(one)
            await asyncio.sleep(0.1)
    return found


async def shows_the_room(other: Any, shown: bool) -> None:
    """Waits until the other sees the room, or does not see it any more."""
    async with asyncio.timeout(30):
        while True:
            one = await other.evaluate(LOOK)
            if one and (one["room"] > 0.3 * raw_detail()) is shown:
                return
            await asyncio.sleep(0.2)
