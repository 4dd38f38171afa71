"""What people need who do not point, do not see, or see little: measured on the page of now.

axe-core looks for breaches of WCAG 2.2; what a reader would say is noted from the live regions;
the keyboard is pressed as people do; and the page is made narrow, large and right-to-left.
"""

import asyncio
import re
from typing import Any

from tests.e2e.chromium import until
from tests.e2e.clips import ROOT

AXE = ROOT / "kiosk_ui" / "node_modules" / "axe-core" / "axe.min.js"

RUN_AXE = """(async () => {
  const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await axe.run(document, {
    runOnly: rules, resultTypes: ['violations'], preload: false,
  });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
})()"""

# What a reader says when a live region changes: the whole of it, as these regions are atomic.
KEEP_ANNOUNCED = """() => {
  window.announced = [];
  const regions = '[role=status],[role=alert],[role=log],[aria-live=polite],[aria-live=assertive]';
  const before = new Map();
  const read = () => {
    for (const region of document.querySelectorAll(regions)) {
      if (region.parentElement.closest(regions)) continue;
      const shown = region.checkVisibility() ? region.innerText : '';
      const words = shown.replace(/\\s+/g, ' ').trim();
      if (words && words !== before.get(region)) window.announced.push(words);
      before.set(region, words);
    }
  };
  const what = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(read).observe(document, { ...what, attributeFilter: ['hidden', 'open'] });
}"""

# What leaves the window at its sides: the page itself, and each thing to read or to press.
OFFSIDE = """(() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const place = document.querySelector('dialog[open]') ?? document.body;
  const things = [...place.querySelectorAll('button, a, input, select, h1, h2, p, li, img')];
  const off = things.filter((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    const seen = one.checkVisibility({ opacityProperty: true }) && width > 1;
    return seen && !one.matches('.skip-link') && (left < -1 || right > innerWidth + 1);
  });
  return [...(wide > 0 ? [`the page: ${wide} px`] : []),
    ...off.map((one) => `${one.tagName} ${one.className} ${one.innerText.slice(0, 60)}`)];
})()"""

FOCUSED = """(() => {
  const one = document.activeElement;
  const label = one.getAttribute('aria-label') ?? one.labels?.[0]?.innerText ?? one.innerText;
  return one === document.body ? '' : label.replace(/\\s+/g, ' ').trim();
})()"""
NAMELESS = re.compile(
    r"^\s*- (?:button|link|textbox|radio|checkbox|combobox|meter|img|dialog|heading)"
    r"\s*(?:\[.*)?:?$",
    re.MULTILINE,
)


async def watched(client: Any) -> Any:
    """Everything of this file works in the pages that this person opens from now on."""
    await client.page.add_init_script(path=AXE)
    await client.add_init_script(KEEP_ANNOUNCED)
    client.barriers = []
    return client


async def look(client: Any, state: str) -> None:
    """Notes as ``barriers`` what axe finds, what has no name, and what does not fit."""
    found = await client.evaluate(RUN_AXE)
    found += NAMELESS.findall(await client.page.locator("body").aria_snapshot())
    client.barriers += [f"{state}: {one}" for one in found]
    before = client.page.viewport_size
    for width, root, direction in ((390, "200%", ""), (320, "", ""), (390, "", "rtl")):
        await client.page.set_viewport_size({"width": width, "height": 844})
        style = f"document.documentElement.style.fontSize = '{root}'"
        await client.evaluate(f"({style}, document.documentElement.dir = '{direction}', 0)")
        off = await client.evaluate(OFFSIDE)
        client.barriers += [f"{state}, {width} px {root}{direction}: {one}" for one in off]
    await client.evaluate(
        "(document.documentElement.style.fontSize = '', document.documentElement.dir = '', 0)"
    )
    await client.page.set_viewport_size(before)


async def said_once(client: Any, words: str) -> None:
    """A reader says these words, and does not say them a second time."""
    await until(client.page, f"window.announced.some((one) => one.includes({words!r}))")
    await asyncio.sleep(0.3)  # the calm region comes a moment after what is seen
    said = await client.evaluate("window.announced")
    assert len([one for one in said if words in one]) == 1, said


async def tab_to(client: Any, name: str, back: bool = False) -> None:
    """Tab after Tab until the control with that name has the focus."""
    wanted, passed = client.words(name), []
    for _ in range(60):
        await client.page.keyboard.press("Shift+Tab" if back else "Tab")
        passed.append(await client.evaluate(FOCUSED))
        if passed[-1] == wanted:
            return
    raise AssertionError(f"no way by keyboard to {wanted!r}, only to {passed}")


async def use(client: Any, name: str, key: str = "Enter", back: bool = False) -> None:
    """Goes to the control and presses it."""
    await tab_to(client, name, back)
    await client.page.keyboard.press(key)


async def arrived(client: Any, step: str) -> None:
    """The step is shown and its heading has the focus, so that a reader begins there."""
    await until(client.page, f"document.querySelector('[data-step={step}]').checkVisibility()", 30)
    await until(client.page, f"document.activeElement.matches('[data-step={step}] h1')", 3)
    await asyncio.sleep(0.4)  # a key in the first moment is taken for the step before
