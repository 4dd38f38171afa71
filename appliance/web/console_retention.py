"""Staff: what is kept until when, and whether it was deleted; the administrator: the audit."""

from __future__ import annotations

import json

from quart import Blueprint, Response, request

from appliance.advisers.rights import Action
from appliance.retention.models import DeletionReason
from appliance.retention.words import ACTIONS
from appliance.storage.audit import AUDIT_SHOWN, AuditFilter, audit_page
from appliance.storage.backup import backup_folder, kept_backups, newest_backup_at
from appliance.web.access import Who, access, present_adviser
from appliance.web.language import translate
from appliance.web.legal import periods_in_words
from appliance.web.limits import Budget
from appliance.web.pages import page
from appliance.web.parts import parts

blueprint = Blueprint("console_retention", __name__, url_prefix="/console/privacy")


@blueprint.get("/retention")
@access(Who.ADVISER, Budget.CONSOLE, Action.BE_HERE)
async def retention() -> Response:
    """[console/privacy_retention] What is kept until when, the newest proofs, the backups.

    Context: ``adviser``, ``periods`` (pairs), ``word`` (ok, late, traces), ``proofs``, ``backups``
    (how many), ``newest_backup_at``.
    """
    folder = backup_folder(parts().settings)
    proofs = await parts().personal_data.proofs(DeletionReason.DUE)
    return await page(
        "console/privacy_retention",
        adviser=present_adviser(),
        periods=periods_in_words(),
        word=parts().deletion.word(),
        proofs=[{"line": one, "rows": sum(json.loads(one.counts).values())} for one in proofs[:14]],
        backups=len(kept_backups(folder)),
        newest_backup_at=newest_backup_at(folder, parts().clock()),
    )


@blueprint.get("/audit")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def audit() -> Response:
    """[console/privacy_audit] Who did what to which row and when; reading it is audited.

    ``?action=``, ``?actor=``, ``?before=`` (a line's number) choose. Context: ``adviser``,
    ``lines`` (``AuditLine`` rows with ``who`` and ``what``), ``actions`` (word to sentence),
    ``chosen``, ``actors`` (id to name), ``older`` (number for ``before``, or None).
    """
    me = present_adviser()
    chosen = AuditFilter.typed(request.args)
    lines = await audit_page(parts().database, chosen, me.id, parts().clock())
    actors = await parts().advisers.names()
    return await page(
        "console/privacy_audit",
        adviser=me,
        lines=lines,
        actions={word: translate(sentence) for word, sentence in ACTIONS.items()},
        chosen=chosen,
        actors=actors,
        older=lines[-1].id if len(lines) == AUDIT_SHOWN else None,
    )
