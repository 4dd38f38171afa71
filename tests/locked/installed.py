"""``scripts/install-kiosk`` on a minimal Debian without any network but the appliance's.

Run by itself: this process, and the appliance that it starts, live in the box's network.
"""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from appliance.kiosks.models import Kiosk
from appliance.kiosks.service import KioskService
from appliance.settings import Settings
from appliance.storage.clock import utcnow
from appliance.storage.database import Database
from tests.box.conversation import enter_network
from tests.box.machine import ADDRESS, NAME, Box
from tests.e2e.conftest import Mailbox, running
from tests.locked.machine import HOUSE

ORIGIN = f"https://{NAME}"
USER = "vorzimmer-kiosk"
UNIT = "vorzimmer-kiosk.service"
SOUND = "/var/lib/vorzimmer-kiosk"
KEPT = ".local/state/wireplumber"
PROFILE = "/run/kiosk-visitor/profile"
BROWSERS = """
for one in /proc/[0-9]*; do
  case $(readlink $one/exe) in */chromium) echo ${one#/proc/} ;; esac
done | sort -n
"""
DAWN = datetime(2000, 1, 1, tzinfo=UTC)
# A box has no screen and no console: cage draws into memory. All else of the unit is as shipped.
NO_SCREEN = """[Service]
Environment=WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman LIBSEAT_BACKEND=noop
StandardInput=null
TTYPath=
"""
OWN = (
    "/etc/systemd/system/vorzimmer-kiosk.service", "/etc/pam.d/vorzimmer-kiosk",
    "/etc/chromium/policies/managed/vorzimmer.json", "/etc/modprobe.d/vorzimmer-kiosk.conf",
    "/etc/nftables.d/vorzimmer-kiosk.conf", "/etc/sysctl.d/90-vorzimmer-kiosk.conf",
    "/usr/libexec/vorzimmer/kiosk-session", "/etc/vorzimmer-kiosk/secret", "/etc/hosts",
)  # fmt: skip
kept: list[str] = []
failed: list[str] = []


@contextmanager
def promise(words: str) -> Iterator[list[str]]:
    """One line: ok or FAILED, with what was found."""
    found, began, verdict = list[str](), time.monotonic(), "ok"
    try:
        yield found
    except Exception as error:  # noqa: BLE001 - whatever it is, it was not kept
        failed.append(words)
        found.append(f"{type(error).__name__}: {str(error)[:1500]}")
        verdict = "FAILED"
    else:
        kept.append(words)
    told = f" ({'; '.join(found)})" if found else ""
    print(f"{verdict:6} {time.monotonic() - began:5.1f} s  {words}{told}", flush=True)


def make_certificate(folder: Path) -> ssl.SSLContext:
    """A certificate that vouches for itself, as that of an agency's own authority."""
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    words += [
        "-nodes",
        "-days",
        "2",
        "-subj",
        f"/CN={NAME}",
        "-addext",
        f"subjectAltName=DNS:{NAME}",
    ]
    words += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.pem")]
    subprocess.run(words, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context


async def in_front(port: int, context: ssl.SSLContext) -> asyncio.Server:
    """TLS at the box's address, as a reverse proxy ends it; inside it has its own name."""
    inside = f"localhost:{port}"

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            data = data.replace(ORIGIN.encode(), f"http://{inside}".encode())
            writer.write(data.replace(f"Host: {NAME}".encode(), f"Host: {inside}".encode()))
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(copy(reader, outer), copy(inner, writer), return_exceptions=True)

    return await asyncio.start_server(serve, ADDRESS, 443, ssl=context)


async def look(box: Box, bundle: Path) -> None:
    """Everything, in the order in which IT would do it."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        context = make_certificate(folder)
        settings = {
            "VORZIMMER_MEDIA__ADDRESSES": f'["{ADDRESS}"]',
        }
        box_folder = folder / "box"
        appliance = await stack.enter_async_context(
            running(box_folder, 9, Mailbox(), settings=settings)
        )
        server = await in_front(appliance.box.port, context)
        stack.callback(server.close)
        database = Database.open(
            Settings(data_dir=box_folder / "data", runtime_dir=box_folder / "run")
        )
        stack.callback(database.close)
        kiosks = KioskService(database)
        box.run("sh", "-c", "cat >/root/ca.pem", text=(folder / "ca.pem").read_text())
        await asyncio.to_thread(_refusals, box, bundle.name)
        kiosk, code = await kiosks.add("Foyer", "test")
        await asyncio.to_thread(_install, box, bundle.name, code)
        with promise("the appliance knows it as registered"):
            assert (await kiosks.get(kiosk.id)).registered
        await _awake(box, kiosks, kiosk.id, bundle.name)
        await asyncio.to_thread(_again_and_away, box, bundle.name)


def _refusals(box: Box, bundle: str) -> None:
    script = f"/root/{bundle}/scripts/install-kiosk"
    with promise("what is wrong is said in words, before anything is changed"):
        assert "install-kiosk https://" in box.run(script, "--help")
        assert "Where is the appliance?" in box.fails(script, "nothing")
        assert "give the code" in box.fails(script, ORIGIN)
        assert "There is no file" in box.fails(script, ORIGIN, "ABCDE-FGH23", "/root/other.pem")
        said = box.fails(
            "setpriv",
            "--reuid=65534",
            "--clear-groups",
            "sh",
            "-c",
            f"cd / && bash {script} {ORIGIN}",
        )
        assert "as root" in said or "Permission denied" in said, said
        assert not box.succeeds("test", "-e", OWN[0])


def _install(box: Box, bundle: str, code: str) -> None:
    script = f"/root/{bundle}/scripts/install-kiosk"
    with promise("without a network it installs Debian's packages from its bundle") as found:
        began = time.monotonic()
        said = box.fails(script, ORIGIN, "ABCDE-FGH23", "/root/ca.pem")
        found.append(f"{time.monotonic() - began:.0f} s")
        assert "does not take this code" in said, said
        assert box.succeeds("which", "cage")
    with promise("a code from the console makes the machine a kiosk"):
        said = box.run(script, ORIGIN, f"{code[:5]}-{code[5:]}", "/root/ca.pem")
        assert "is a kiosk of" in said, said
    with promise("its files are in place, and its secret is nobody else's"):
        for one in OWN:
            assert box.succeeds("test", "-s", one), one
        assert box.run("stat", "-c", "%a %U %G", OWN[7]).split() == ["640", "root", USER]
        assert f"{ADDRESS} {NAME} # {USER}" in box.run("cat", "/etc/hosts")
        policies = box.run("cat", OWN[2])
        assert "CACertificates" in policies
        assert ORIGIN in policies
        assert ADDRESS in box.run("nft", "list", "table", "inet", "vorzimmer_kiosk")
        assert "install /bin/false" in box.run("modprobe", "--showconfig") or box.succeeds(
            "grep", "-q", "usb-storage", OWN[3]
        )
    with promise("its unit is enabled, and understood by systemd"):
        assert box.run("systemctl", "is-enabled", "vorzimmer-kiosk.service").strip() == "enabled"
        said = box.run("systemd-analyze", "verify", OWN[0], check=False)
        assert "vorzimmer-kiosk" not in said, said


async def _begun(kiosks: KioskService, kiosk_id: str, after: datetime) -> Kiosk:
    """The kiosk once its browser has begun later than that moment, and has tested itself."""
    async with asyncio.timeout(60):
        while True:
            row = await kiosks.get(kiosk_id)
            if row.started_at and row.started_at > after and row.tested_at:
                return row
            await asyncio.sleep(0.2)


def _until(seen: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not seen():
        assert time.monotonic() < until
        time.sleep(0.2)


def _dummy(status: str) -> str:
    """The number of the loudspeaker of a machine without one."""
    [line] = [one for one in status.splitlines() if "Dummy Output" in one]
    return line.split("*")[1].split(".")[0].strip()


def _browsers(box: Box) -> list[str]:
    """Process ids of the browser's parts, its first one first."""
    return box.run("sh", "-c", BROWSERS).split()


async def _awake(box: Box, kiosks: KioskService, kiosk_id: str, bundle: str) -> None:
    folder = f"/etc/systemd/system/{UNIT}.d"
    with promise("its unit shows the greeting, and tests itself") as found:
        box.run("mkdir", "-p", folder)
        box.run("sh", "-c", f"cat >{folder}/no-screen.conf", text=NO_SCREEN)
        box.run("systemctl", "daemon-reload")
        box.run("systemctl", "restart", UNIT)
        row = await _begun(kiosks, kiosk_id, DAWN)
        found.append(row.faults)
        assert row.faults.split() == ["not_listening", "no_picture"], "a box has no devices"
    script = f"/root/{bundle}/scripts/install-kiosk"
    with promise("its sound is set by IT, and the setting kept where the browser has no home"):
        _until(lambda: "Chromium" in box.run(script, "--sound"))
        box.run(script, "--sound", "set-default", _dummy(box.run(script, "--sound")))
        _until(lambda: box.succeeds("test", "-s", f"{SOUND}/{KEPT}/default-nodes"))
    with promise("a browser that ends takes all of its processes and its profile along"):
        box.run("touch", f"{PROFILE}/of-the-last-visitor")
        before, began = _browsers(box), utcnow()
        box.run("kill", "-KILL", before[0])
        await _begun(kiosks, kiosk_id, began)
        assert not set(before) & set(_browsers(box))
        assert not box.succeeds("test", "-e", f"{PROFILE}/of-the-last-visitor")
    with promise("after the machine's restart it greets by itself"):
        began = utcnow()
        await asyncio.to_thread(box.reboot)
        await _begun(kiosks, kiosk_id, began)
        assert ADDRESS in box.run("nft", "list", "table", "inet", "vorzimmer_kiosk")
        assert "auto_null" in box.run(script, "--sound")  # the default that was set
        files = box.run("find", SOUND, "-type", "f").split()
        assert all(one.startswith(f"{SOUND}/{KEPT}/") for one in files), files
    box.run("rm", "-r", folder)


def _again_and_away(box: Box, bundle: str) -> None:
    script = f"/root/{bundle}/scripts/install-kiosk"
    with promise("started again it changes nothing"):
        before = box.run("sha256sum", *OWN)
        box.run(script, ORIGIN)
        assert box.run("sha256sum", *OWN) == before
        assert box.run("grep", "-c", "kiosk", "/etc/nftables.conf").strip() == "1"
    with promise("--remove takes everything away again"):
        box.run(script, "--remove")
        for one in (*OWN[:-1], SOUND):
            assert not box.succeeds("test", "-e", one), one
        assert not box.succeeds("getent", "passwd", USER)
        assert not box.succeeds("grep", "-q", "vorzimmer", "/etc/hosts", "/etc/nftables.conf")
        assert not box.succeeds("nft", "list", "table", "inet", "vorzimmer_kiosk")


def main(bundle: Path, base: Path) -> int:
    """Boots a Debian, and returns how many promises were not kept."""
    folder = Path(tempfile.mkdtemp(prefix="vorzimmer-kiosk-box-"))
    with promise("its bundle is signed, and whole"):
        subprocess.run([HOUSE / "scripts" / "check-release", bundle], check=True)
    carried = folder / "carried"
    (carried / "root").mkdir(parents=True)
    subprocess.run(["cp", "-r", str(bundle), str(carried / "root")], check=True)
    box = Box(base, carried, folder / "box", "kiosk")
    try:
        box.make()
        box.boot()
        enter_network(box)
        asyncio.run(look(box, bundle))
    finally:
        box.remove()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"installed: {len(kept)} promises kept, {len(failed)} not")
    return len(failed)


if __name__ == "__main__":
    [debian] = sys.argv[1:]
    [made] = HOUSE.glob(f"build/vorzimmer-kiosk-*-debian{debian}")
    words = [str(HOUSE / "scripts" / "debian-base"), debian]
    place = Path(
        subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    )
    sys.exit(main(made, place))
