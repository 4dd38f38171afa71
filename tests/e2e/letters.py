"""Real-time text between two people: how long each letter is under way, by the pages' clocks."""

import asyncio
from typing import Any

LIMIT_MS = 500  # EN 301 549 V3.2.1, 6.2.4
SWITCH = "Live-Text: Alle im Gespräch lesen jeden Buchstaben sofort."

_NOTE = """(() => {
  const draft = document.querySelector('[data-live=draft]');
  const words = draft.querySelector('[data-slot=text]');
  addEventListener('input', () => { window.wroteAt = Date.now(); }, true);
  new MutationObserver(() => { window.readAt = Date.now(); })
    .observe(words, { childList: true, characterData: true, subtree: true });
  return draft.closest('[role=log], [role=status], [aria-live]') === null;
})()"""
_WORDS = "document.querySelector('[data-live=draft] [data-slot=text]').textContent"


async def look_at(*people: Any) -> None:
    """From now on; no reader reads letters out."""
    for person in people:
        assert await person.evaluate(_NOTE)


async def reads(reader: Any, words: str) -> None:
    """What the other is writing right now; empty: nothing."""
    for _ in range(100):
        if (now := await reader.evaluate(_WORDS)) == words:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{now!r}, not {words!r}")


async def write(writer: Any, field: Any, reader: Any, keys: str, words: str) -> float:
    """Presses one key; milliseconds until the other side reads ``words``."""
    await field.press(keys)
    await reads(reader, words)
    return float(await reader.evaluate("readAt")) - float(await writer.evaluate("wroteAt"))
