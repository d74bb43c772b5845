"""What the questions of the hosted form are called, for answers that a site sends by their ids."""

from typing import Any

from leads.intake.submission import Submission
from leads.models import FormVersion, HostedForm
from leads.models.intake.hosted_form import QUESTION_ID
from workspaces.models import Workspace

# A site may go on sending the ids of questions that are not asked any more.
MOST_VERSIONS = 20


def of(workspace: Workspace, submission: Submission) -> dict[str, str]:
    """Return the wording of each question that is answered, as it is just now, by its id.

    That of the version that strangers see; else of the latest one before that had the question,
    or of the draft. Asks the database only where an answer has an id of ours.
    """
    wanted = {name for name in submission.form_responses if QUESTION_ID.fullmatch(name)}
    found: dict[str, str] = {}
    if not wanted:
        return found
    for content in _contents(workspace):
        asked = {question["id"]: question["text"] for question in content.get("questions", ())}
        found |= {name: asked[name] for name in wanted - found.keys() if asked.get(name)}
        if wanted == found.keys():
            break
    return found


def _contents(workspace: Workspace) -> list[dict[str, Any]]:
    versions = FormVersion.objects.filter(workspace=workspace).order_by("-number")
    drafts = HostedForm.objects.filter(workspace=workspace)
    contents = list(versions.values_list("content", flat=True)[:MOST_VERSIONS])
    return [*contents, *drafts.values_list("draft", flat=True)]
