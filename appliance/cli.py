"""The command ``vorzimmer``. Exit codes: 0 done, 1 failed, 2 wrong usage, 78 wrong settings."""

from __future__ import annotations

import asyncio
import functools
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from appliance import __version__, config_file
from appliance.read_settings import SettingsUnreadable, read
from appliance.settings import FileSettings, Settings

FAILED = 1
SETTINGS_WRONG = 78  # EX_CONFIG of sysexits.h: systemd is told not to start again

Command = TypeVar("Command", bound=Callable[..., Any])
Result = TypeVar("Result")


def fail(sentence: str, status: int = FAILED) -> NoReturn:
    """Says why on stderr and ends."""
    click.echo(sentence, err=True)
    sys.exit(status)


def place_of(error: BaseException | None) -> str:
    """Which file could not be used, and why; nothing for anything else."""
    if not isinstance(error, OSError) or not error.filename:
        return ""
    return f" {error.filename}: {error.strerror}"


def read_settings(kind: type[Settings] = Settings) -> Settings:
    """The settings, or the end with 78 and a line for each wrong one, without its value."""
    try:
        return read(kind)
    except SettingsUnreadable as error:
        fail(str(error), SETTINGS_WRONG)


def with_settings(command: Command) -> Command:
    """As ``with_settings_as_caller``; root becomes the owner of the data, who keeps all files."""

    def run(settings: Settings, *args: Any, **values: Any) -> Any:
        from appliance.owner import become_owner

        become_owner(settings)
        return command(settings, *args, **values)

    return with_settings_as_caller(functools.wraps(command)(run))  # type: ignore[return-value]


def with_settings_as_caller(command: Command) -> Command:
    """Hands the settings to a command and turns the database's own errors into exit codes."""

    @functools.wraps(command)
    def run(*args: Any, **values: Any) -> Any:
        from appliance.advisers.errors import AdviserError
        from appliance.storage import errors
        from appliance.telemetry import configure

        configure()  # or what is logged on the way shows errors with all their values
        settings = read_settings()
        try:
            return command(settings, *args, **values)
        except (
            errors.KeyMissing,
            errors.KeyUnreadable,
            errors.WrongKey,
            errors.DatabaseMissing,
            errors.UrlUnsupported,
        ) as error:
            fail(str(error), SETTINGS_WRONG)
        except (errors.DatabaseError, AdviserError) as error:
            fail(error.sentence + place_of(error.__cause__))
        except OSError as error:
            if not error.filename:
                raise
            fail(place_of(error).strip())

    return run  # type: ignore[return-value]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="vorzimmer")
def main() -> None:
    """Vorzimmer: video appointments with a public agency, on the agency's own box."""
    os.umask(0o077)  # whatever a command writes is for its own user only
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no memory of any program on the disk


@main.command()
@with_settings
def serve(settings: Settings) -> None:
    """Serve pages and sockets (the web process)."""
    from appliance.app import create_app
    from appliance.web.serve import serve as serve_app
    from appliance.web.sound_settings import SettingsWrong, ensure_sound

    try:
        ensure_sound(settings)
    except SettingsWrong as error:
        fail(str(error), SETTINGS_WRONG)
    asyncio.run(serve_app(create_app(settings), settings.web))


@main.command()
@click.option("--worker", default=1, show_default=True, help="Which one, of several.")
def media(worker: int) -> None:
    """Forward sound and picture (the media process; it never records)."""
    settings = read_settings(FileSettings)  # and nothing of the data, which media never sees
    from appliance.relay.server import MediaOptions
    from appliance.relay.server import main as run

    chosen = settings.media
    sys.exit(
        run(
            MediaOptions(
                settings.runtime_dir,
                chosen.port + worker - 1,
                chosen.addresses,
                chosen.public_addresses,
                chosen.keep_private,
                worker=worker,
            )
        )
    )


@main.command()
def analysers() -> None:
    """Hand out an analyser process for each running device check."""
    settings = read_settings(FileSettings)
    from appliance.device_check.analyser_pool import run
    from appliance.telemetry import configure

    configure()
    sys.exit(run(settings))


@main.command()
@click.option("--vendor", type=click.Path(path_type=Path), help="Folder of models and speech.")
def analyser(vendor: Path | None) -> None:
    """Measure one device check on the connection that systemd hands over. It reads no settings."""
    from appliance.device_check.analyser import main as run

    run(["--vendor", str(vendor or Settings.model_fields["vendor_dir"].default)])


@main.command()
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to, /etc/systemd/system; without it, the drop-ins are printed.",
)
def limits(into: Path | None) -> None:
    """Make the units' drop-ins: addresses, memory and processes for these settings and this box."""
    from appliance.box_limits import BoxTooSmall, drop_ins, memory_mib, shown, write

    try:
        files = drop_ins(read_settings(), memory_mib())
        click.echo("\n".join(write(files, into)) if into else shown(files), nl=not into)
    except (BoxTooSmall, OSError) as error:
        fail(str(error))


@main.command()
@with_settings
def migrate(settings: Settings) -> None:
    """Make the database, or bring it to this version. Safe to repeat."""
    from appliance.storage.migrate import migrate as bring_up

    bring_up(settings)


@main.command("config")
@click.option("--origins", is_flag=True, help="Say where each value is from.")
@click.option(
    "--commented", is_flag=True, help="Comment out what neither file nor variable states."
)
@with_settings_as_caller
def show_config(settings: Settings, origins: bool, commented: bool) -> None:
    """Print every setting, its meaning and the value in force, as a configuration file.

    Secrets are masked.
    """
    click.echo(config_file.as_toml(settings, origins=origins, commented=commented), nl=False)


@main.command("coturn-config")
def coturn_config() -> None:
    """Print the configuration of the agency's coturn; it holds the shared secret."""
    from appliance.reach_command import show_coturn

    click.echo(_reach(show_coturn), nl=False)


@main.command("nginx-config")
def nginx_config() -> None:
    """Print the configuration of an nginx that shares port 443 between pages and TURN."""
    from appliance.reach_command import show_nginx

    click.echo(_reach(show_nginx), nl=False)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for monitoring.")
@click.option("--kiosk", is_flag=True, help="Look at a kiosk's camera, microphone and speaker.")
def doctor(as_json: bool, kiosk: bool) -> None:
    """Say what is wrong with this box, and what to do. 0 when nothing is.

    It holds a conversation with itself, asks for an analyser, logs in to TURN and the mail server,
    and looks at disk, clock, rights, certificates, units, database, deletion and backups.
    """
    from appliance import doctor_command as command
    from appliance.doctor.finding import all_well

    try:
        found = command.diagnose_kiosk() if kiosk else command.diagnose_box()
    except SettingsUnreadable as error:
        if as_json:
            click.echo(command.as_json([command.unreadable(error)]))
        fail(str(error), SETTINGS_WRONG)
    click.echo(command.as_json(found) if as_json else command.as_text(found))
    sys.exit(0 if all_well(found) else FAILED)


@main.command("support-bundle")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def support_bundle(file: Path | None) -> None:
    """Make one file for whoever helps: doctor, settings, log, versions; no client's data."""
    from appliance import support_bundle as bundle

    target = file or Path(bundle.default_name())
    try:
        names = _reach(lambda settings: bundle.make(settings, target))
    except OSError as error:
        fail(f"{target}: {error.strerror}")
    click.echo(f"{target}: {', '.join(names)}\nLook through it before you send it.")


def _reach(work: Callable[[Settings], Result]) -> Result:
    """Runs it with the settings, without the database, which coturn and nginx do not need."""
    from appliance.reach.coturn import ConfigWrong
    from appliance.reach.turn import SecretWrong
    from appliance.telemetry import configure

    configure()
    try:
        return work(read_settings())
    except (ConfigWrong, SecretWrong) as error:
        fail(str(error), SETTINGS_WRONG)


@main.command("setup-code")
@click.option("--first", is_flag=True, help="Only while nobody can log in yet.")
@with_settings
def setup_code(settings: Settings, first: bool) -> None:
    """Print a one-time code that opens the set-up page; one from before is good no more."""
    from appliance.set_up_command import code, first_code

    click.echo(first_code(settings) if first else code(settings))


@main.command("add-adviser")
@click.argument("login")
@click.option("--name", required=True, help="The name that clients see.")
@click.option(
    "--role",
    type=click.Choice(["adviser", "front_desk", "team_lead", "administrator"]),
    default="adviser",
    show_default=True,
)
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the password; without it, the command asks.",
)
@with_settings_as_caller
def add_adviser(
    settings: Settings, login: str, name: str, role: str, password_file: Path | None
) -> None:
    """Add somebody to the staff; prints the key of the code app and the recovery codes, once."""
    from appliance.owner import become_owner
    from appliance.staff_command import add

    password = (
        password_file.read_text(encoding="utf-8").strip()
        if password_file
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    become_owner(settings)  # only now: the file may be root's alone
    click.echo(add(settings, login, name, role, password))


@main.command()
@click.option("--code", is_flag=True, help="Print the present code of the demo login only.")
@with_settings
def demo(settings: Settings, code: bool) -> None:
    """Make a demo login and an appointment that starts now; print how to get in."""
    from appliance.demo import make, present_code

    click.echo(present_code(settings) if code else asyncio.run(make(settings)))


@main.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@click.option(
    "--when-due", is_flag=True, help="Only what is due now; a proof each day. For timers."
)
@with_settings
def purge(settings: Settings, dry_run: bool, when_due: bool) -> None:
    """Delete what has been kept long enough."""
    from appliance.backup_command import purge_now, purge_when_due_now

    if not when_due:
        click.echo(purge_now(settings, dry_run=dry_run))
        return
    sys.exit(0 if purge_when_due_now(settings) else FAILED)


@main.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--when-due", is_flag=True, help="Unless one is under 6 hours old; if backup.daily.")
@with_settings_as_caller
def backup(settings: Settings, file: Path | None, when_due: bool) -> None:
    """Copy the database, encrypted, while it is in use; without FILE into the kept backups.

    The key is not in the copy. Of the kept ones the oldest go once they are of more than
    backup.keep days; what is due is deleted in them, too. FILE is yours alone: delete it in time.
    """
    from appliance.backup_command import make, make_when_due
    from appliance.owner import become_owner

    if file is None:
        become_owner(settings)
    if when_due:
        make_when_due(settings)
    else:
        click.echo(make(settings, file))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--discard-present", is_flag=True, help="Do so although it cannot be backed up.")
@with_settings_as_caller
def restore(settings: Settings, file: Path, discard_present: bool) -> None:
    """Put a backup in the database's place; the present one is kept as a backup first.

    Stop the web process before. What is due, or was deleted on request, is deleted again; what was
    revoked or closed since stays so; staff log in anew.
    """
    from appliance.backup_command import put_back
    from appliance.owner import brought_in

    with brought_in(settings, file) as readable:
        said = put_back(settings, readable, discard_present=discard_present)
    click.echo(said.replace(str(readable), str(file)))


@main.command("check-statistics")
@click.option("--weeks", type=click.IntRange(1, 104), default=12, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@with_settings
def check_statistics(settings: Settings, weeks: int, as_json: bool) -> None:
    """Print what device checks ended with, by finished week and site, without persons."""
    from appliance.statistics_command import show

    click.echo(show(settings, weeks, as_json=as_json))


@main.command()
@with_settings
def health(settings: Settings) -> None:
    """Ask the running web process whether it is ready. 0 when it is, 1 when not."""
    from appliance.probe import ready

    good, answer = ready(settings.web)
    click.echo(answer)
    sys.exit(0 if good else FAILED)


@main.command()
def version() -> None:
    """Print the version."""
    click.echo(__version__)
