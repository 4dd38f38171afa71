"""A second box: what was backed up on the first is there, and so is the login."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

from tests.box import bundles
from tests.box.machine import NAME, Box
from tests.e2e.walk import Staff
from tests.reach.servers import certificate

DATA = "/var/lib/vorzimmer"

WEB = ("vorzimmer-web.socket", "vorzimmer-web.service")
ROWS = """
from appliance.settings import Settings
from appliance.storage.database import Database
database = Database.open(Settings())
tables = ("adviser", "appointment", "visit")
print([database.read_sync(lambda s, t=t: s.connection().exec_driver_sql(
    f"SELECT count(*) FROM {t}").scalar()) for t in tables])
database.close()
"""

LOG_IN = """
import http.client, json, ssl, sys, urllib.parse
name, agency, form = json.loads(sys.argv[1])
context = ssl.create_default_context(cafile="/etc/vorzimmer/tls/chain.pem")
box = http.client.HTTPSConnection(name, context=context)
box.request("GET", "/console/login")
page = box.getresponse().read().decode()
headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{name}"}
box.request("POST", "/console/login", urllib.parse.urlencode(form), headers)
answer = box.getresponse()
print(agency in page, answer.status, answer.getheader("Location"))
"""


def rows_of(box: Box) -> list[int]:
    """How many accounts, appointments and visits there are."""
    return [int(one) for one in re.findall(r"\d+", as_web(box, ROWS))]


def as_web(box: Box, program: str) -> str:
    """What a program in the installed Python prints, as the user of the data."""
    words = ["setpriv", "--reuid=vorzimmer", "--regid=vorzimmer", "--clear-groups"]
    return box.run(*words, "/opt/vorzimmer/current/bin/python", "-I", "-", text=program)


def log_in(box: Box, staff: Staff, agency: str) -> None:
    """By the login page, with the code app's number; fails when it is refused.

    The device trusts nothing but the box's certificate, and the page names the agency.
    """
    form = {"login": staff.login, "password": staff.password, "code": staff.code()}
    said = box.run("python3", "-", json.dumps([NAME, agency, form]), text=LOG_IN)
    assert said.split() == ["True", "303", "/console"], said


def install(second: Box, release: bundles.Release) -> str:
    """With a certificate of the agency's own; what the installation says."""
    second.make()
    chain, key = certificate(second.layer.parent, NAME)
    home = second.layer / "srv"
    home.mkdir()
    for file, name in ((chain, "chain.pem"), (key, "key.pem")):
        shutil.copyfile(file, home / name)
    second.boot()
    second.run("sh", "-c", "cd /root && /usr/lib/apt/apt-helper cat-file *.zst | tar -x")
    words = ["--name", NAME, "--certificate", "/srv/chain.pem", "--key", "/srv/key.pem"]
    said = second.run(f"/root/{release.name}/scripts/install", *words)
    assert second.fails("test", "-e", "/etc/vorzimmer/tls/ca.pem") == ""
    return said


def move_to(box: Box, second: Box) -> None:
    """What the handbook says: key, backup, and what was typed on the set-up pages."""
    second.run("systemctl", "stop", *WEB)
    newest = box.run("sh", "-c", f"ls -1 {DATA}/backups/*.db | tail -n 1").strip()
    pairs = [(newest, "/root/backup.db")]
    pairs += [(f"{DATA}/{name}",) * 2 for name in ("database.key", "settings.toml")]
    for source, target in pairs:
        content = subprocess.run(box.inside("cat", source), capture_output=True, check=True).stdout
        put = ("install", "-m", "0600", "-o", "vorzimmer", "-g", "vorzimmer", "/dev/stdin", target)
        subprocess.run(second.inside(*put), input=content, check=True)
    second.run("vorzimmer", "restore", "--discard-present", "/root/backup.db")
    second.run("systemctl", "start", *WEB)
    second.run("vorzimmer", "health")
