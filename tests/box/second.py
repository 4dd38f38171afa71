"""A second box: what was backed up on the first is there, and so is the login."""

from __future__ import annotations

import json
import re
import subprocess

from tests.box import bundles
from tests.box.machine import NAME, Box
from tests.e2e.walk import Staff

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
name, form = json.loads(sys.argv[1])
context = ssl.create_default_context(cafile="/etc/vorzimmer/tls/ca.pem")
box = http.client.HTTPSConnection(name, context=context)
headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{name}"}
box.request("POST", "/console/login", urllib.parse.urlencode(form), headers)
answer = box.getresponse()
print(answer.status, answer.getheader("Location"))
"""


def rows_of(box: Box) -> list[int]:
    """How many accounts, appointments and visits there are."""
    words = ["setpriv", "--reuid=vorzimmer", "--regid=vorzimmer", "--clear-groups"]
    said = box.run(*words, "/opt/vorzimmer/current/bin/python", "-I", "-", text=ROWS)
    return [int(one) for one in re.findall(r"\d+", said)]


def log_in(box: Box, staff: Staff) -> None:
    """By the login page, with the code app's number; fails when it is refused."""
    form = {"login": staff.login, "password": staff.password, "code": staff.code()}
    said = box.run("python3", "-", json.dumps([NAME, form]), text=LOG_IN)
    assert said.split() == ["303", "/console"], said


def move_to(box: Box, second: Box) -> None:
    """What the handbook says: install, then key and backup, which IT keeps in two places."""
    second.make()
    bundles.lay_file(second.layer)
    second.boot()
    second.run("sh", "-c", "cd /root && /usr/lib/apt/apt-helper cat-file *.zst | tar -x")
    second.run(f"/root/{bundles.NAME}/scripts/install", "--name", NAME)
    second.run("systemctl", "stop", *WEB)
    newest = box.run("sh", "-c", f"ls -1 {DATA}/backups/*.db | tail -n 1").strip()
    for source, target in ((f"{DATA}/database.key",) * 2, (newest, "/root/backup.db")):
        content = subprocess.run(box.inside("cat", source), capture_output=True, check=True).stdout
        write = second.inside("sh", "-c", f"umask 077; cat >{target}")
        subprocess.run(write, input=content, check=True)
    second.run("vorzimmer", "restore", "--discard-present", "/root/backup.db")
    second.run("systemctl", "start", *WEB)
    second.run("vorzimmer", "health")
