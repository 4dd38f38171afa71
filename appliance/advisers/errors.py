"""What can be true instead of what was wished, each with a stable code and a German sentence."""

from __future__ import annotations

from typing import ClassVar

from appliance.i18n import N_


class AdviserError(Exception):
    """Base. ``code`` is stable, ``sentence`` a message id of the catalogues."""

    code: ClassVar[str] = "adviser_failed"
    sentence: ClassVar[str] = N_("Das ist mit diesem Zugang nicht möglich.")


class LoginRefused(AdviserError):
    """Unknown account, wrong password, wrong or used code: one answer for all of them."""

    code = "login_refused"
    sentence = N_("Anmeldung nicht möglich. Bitte prüfen Sie Name, Passwort und Code.")


class LoginBusy(AdviserError):
    """More logins at once than can be checked; nothing was checked."""

    code = "login_busy"
    sentence = N_("Gerade melden sich viele an. Bitte versuchen Sie es gleich noch einmal.")


class AdviserUnknown(AdviserError):
    """No adviser has this id."""

    code = "adviser_unknown"
    sentence = N_("Diesen Zugang gibt es nicht.")


class AdviserLoginTaken(AdviserError):
    """Somebody has this login already."""

    code = "adviser_login_taken"
    sentence = N_("Diesen Anmeldenamen gibt es schon.")


class AdviserLoginInvalid(AdviserError):
    """Not 2 to 64 of a–z, 0–9, dot, hyphen, underscore, @."""

    code = "adviser_login_invalid"
    sentence = N_("Der Anmeldename darf nur Buchstaben, Ziffern und die Zeichen . - _ @ enthalten.")


class TeamNameTaken(AdviserError):
    """Another team is called like that."""

    code = "team_name_taken"
    sentence = N_("Ein Team mit diesem Namen gibt es schon.")


class TeamNameEmpty(AdviserError):
    """A team needs a name."""

    code = "team_name_empty"
    sentence = N_("Bitte geben Sie dem Team einen Namen.")


class TeamUnknown(AdviserError):
    """No team has this id."""

    code = "team_unknown"
    sentence = N_("Dieses Team gibt es nicht.")


class LastAdministrator(AdviserError):
    """Nobody could keep the accounts any more."""

    code = "last_administrator"
    sentence = N_("Jemand muss die Verwaltung behalten. Geben Sie sie erst einer anderen Person.")


class DirectoryUnavailable(AdviserError):
    """The agency's directory does not answer, or not as one."""

    code = "directory_unavailable"
    sentence = N_(
        "Die Anmeldung Ihrer Behörde antwortet nicht. "
        "Bitte melden Sie sich mit Passwort und Code an."
    )


class SubjectUnknown(AdviserError):
    """Known to the directory, but no account here is said to be theirs."""

    code = "subject_unknown"
    sentence = N_(
        "Ihre Kennung ist hier noch mit keinem Zugang verbunden. "
        "Geben Sie sie Ihrer Administration:"
    )

    def __init__(self, subject: str) -> None:
        super().__init__()
        self.subject = subject


class SubjectTaken(AdviserError):
    """Another account has this subject."""

    code = "subject_taken"
    sentence = N_("Diese Kennung gehört schon zu einem anderen Zugang.")


class PasswordWeak(AdviserError):
    """Too short, too long, too uniform, or made of what everybody would try first."""

    code = "password_weak"
    sentence = N_("Bitte wählen Sie ein anderes Passwort mit mindestens 12 Zeichen.")
