"""Drives Debian's Firefox ESR by WebDriver BiDi, acting by visible role and name.

Playwright cannot drive a distribution's Firefox. Firefox takes no capture files: the picture comes
from a getUserMedia shim that plays the clip through a canvas, the sound from a PulseAudio null
sink that the clip's speech is played into. Nothing else is shimmed.
"""

import asyncio
import base64
import contextlib
import itertools
import json
import os
from pathlib import Path
from typing import Any

import websockets

PREFS = {
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.peerconnection.ice.loopback": True,
    "media.getusermedia.aec_enabled": False,
    "media.cubeb.backend": "pulse-rust",
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "intl.accept_languages": "de-DE, de",
    "webgl.force-enabled": True,
    "gfx.webrender.software": True,
}

# Into view, and then until it has stood still for three frames.
SETTLE = """async (element) => {
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  let before = '';
  for (let still = 0, tries = 0; still < 3 && tries < 120; tries += 1) {
    await new Promise(requestAnimationFrame);
    const place = element.getBoundingClientRect();
    const now = [place.x, place.y].join();
    still = now === before ? still + 1 : 0;
    before = now;
  }
}"""


class Firefox:
    """One Firefox with one page."""

    def __init__(self, folder: Path, prefs: dict[str, Any] | None = None) -> None:
        self.folder = folder
        self.prefs = PREFS | (prefs or {})
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._context = ""

    async def start(self, environment: dict[str, str] | None = None) -> "Firefox":
        """Starts headless with an empty profile and opens a session."""
        profile = self.folder / "profile"
        profile.mkdir(parents=True, exist_ok=True)
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in self.prefs.items()
        ]
        (profile / "user.js").write_text("\n".join(lines))
        self._process = await asyncio.create_subprocess_exec(
            "firefox-esr", "--headless", "--no-remote", "--profile", str(profile),
            "--remote-debugging-port", "0", "about:blank",
            env=os.environ | {"HOME": str(self.folder)} | (environment or {}),
            stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        address = await asyncio.wait_for(self._address(), 40)
        self._socket = await websockets.connect(f"{address}/session", max_size=None)
        self._reader = asyncio.create_task(self._read())
        await self.send("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
        tree = await self.send("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]
        return self

    async def _address(self) -> str:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            if b"WebDriver BiDi listening on " in line:
                self._drain = asyncio.create_task(self._process.stderr.read())
                return line.decode().split("listening on ")[1].strip()
        raise RuntimeError("Firefox ended before it listened")

    async def _read(self) -> None:
        async for text in self._socket:
            message = json.loads(text)
            waiting = self._answers.pop(message.get("id"), None)
            if waiting and not waiting.done():
                if message["type"] == "error":
                    waiting.set_exception(RuntimeError(f"{message['error']}: {message['message']}"))
                else:
                    waiting.set_result(message["result"])

    async def send(self, method: str, **params: Any) -> Any:
        """One BiDi command."""
        number = next(self._ids)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        return await asyncio.wait_for(self._answers[number], 40)

    async def add_init_script(self, body: str) -> None:
        """Runs a function's source in every new document before its own scripts."""
        await self.send("script.addPreloadScript", functionDeclaration=body)

    async def goto(self, url: str) -> None:
        """Opens an address and waits for it."""
        await self.send("browsingContext.navigate", context=self._context, url=url, wait="complete")

    async def evaluate(self, expression: str) -> Any:
        """Value of a JavaScript expression (promises are awaited), by way of JSON."""
        result = await self.send(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then(v => JSON.stringify(v ?? null))",
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        if result["type"] == "exception":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return json.loads(result["result"]["value"])

    async def _node(self, role: str, name: str, within_s: float) -> dict[str, Any]:
        """Looks by accessibility only when the words can be read: that search stops the page."""
        until = asyncio.get_running_loop().time() + within_s
        while True:
            if name in (await self.evaluate("document.body?.innerText") or ""):
                found = await self._find(role, name)
                if found:
                    return found
            if asyncio.get_running_loop().time() > until:
                raise TimeoutError(f"no {role} named {name}")
            await asyncio.sleep(0.3)

    async def _find(self, role: str, name: str) -> dict[str, Any] | None:
        with contextlib.suppress(RuntimeError):
            found = await self.send(
                "browsingContext.locateNodes",
                context=self._context,
                locator={"type": "accessibility", "value": {"role": role, "name": name}},
            )
            for node in found["nodes"]:
                if await self._visible(node):
                    return dict(node)
        return None

    async def _visible(self, node: dict[str, Any]) -> bool:
        result = await self.send(
            "script.callFunction",
            functionDeclaration="e => e.checkVisibility() && !e.disabled",
            arguments=[{"sharedId": node["sharedId"]}],
            target={"context": self._context},
            awaitPromise=False,
        )
        return bool(result["result"]["value"])

    async def click(self, role: str, name: str, within_s: float = 15) -> None:
        """A real click on the one visible element of that role and accessible name.

        Like a person, it looks again where the page has moved on before the finger came down.
        """
        until = asyncio.get_running_loop().time() + within_s
        while True:
            left = max(0.0, until - asyncio.get_running_loop().time())
            try:
                return await self._click(role, name, left)
            except RuntimeError as error:
                if "not displayed" not in str(error):
                    raise

    async def _click(self, role: str, name: str, within_s: float) -> None:
        node = await self._node(role, name, within_s)
        await self.send(
            "script.callFunction",
            functionDeclaration=SETTLE,
            arguments=[{"sharedId": node["sharedId"]}],
            target={"context": self._context},
            awaitPromise=True,
        )
        origin = {"type": "element", "element": {"sharedId": node["sharedId"]}}
        actions = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        await self.send(
            "input.performActions",
            context=self._context,
            actions=[{"type": "pointer", "id": "finger", "actions": actions}],
        )

    async def fill(self, name: str, text: str, within_s: float = 15) -> None:
        """Types into the text field with that label."""
        await self.click("textbox", name, within_s)
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        await self.send(
            "input.performActions",
            context=self._context,
            actions=[{"type": "key", "id": "keys", "actions": keys}],
        )

    async def see(self, text: str, within_s: float = 15) -> None:
        """Waits until the text can be read on the page."""
        until = asyncio.get_running_loop().time() + within_s
        while text not in (await self.evaluate("document.body?.innerText") or ""):
            if asyncio.get_running_loop().time() > until:
                raise TimeoutError(f"not on the page: {text}")
            await asyncio.sleep(0.1)

    async def screenshot(self, file: Path) -> None:
        """The page as PNG."""
        taken = await self.send("browsingContext.captureScreenshot", context=self._context)
        file.write_bytes(base64.b64decode(taken["data"]))

    async def stop(self) -> None:
        """Ends the browser."""
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.send("browser.close"), 5)
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self._reader.cancel()
