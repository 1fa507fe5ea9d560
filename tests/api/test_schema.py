"""The API keeps the promises of its own OpenAPI document, whatever is sent (schemathesis)."""

import uuid
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from schemathesis.checks import CHECKS

from tests.api.conftest import Api
from tests.people import ANA

# What the document can't say (a time zone that exists, a known change) is refused with 422 or 404, and rightly.
LEFT_OUT = {"positive_data_acceptance"}
EXAMPLES = 30


@pytest.mark.slow
def test_whatever_is_sent_no_5xx_and_no_breach_of_the_document(ana: Api) -> None:
    document = schemathesis.openapi.from_asgi("/openapi.json", ana.app)
    checks = [check for check in CHECKS.get_all() if check.__name__ not in LEFT_OUT]
    for found in document.get_all_operations():
        try_out(found.ok(), ana, checks)


def try_out(operation: Any, ana: Api, checks: list[Any]) -> None:
    ids = [*some_ids(ana), None]

    @given(case=operation.as_strategy())
    @bounds(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        ids.append(ids.pop(0))
        if ids[0] and case.meta.generation.mode.is_positive:
            known = {name: ids[0][name] for name in case.path_parameters or {} if name in ids[0]}
            case.path_parameters.update(known)
        token = ana.sign_in(ANA).token if operation.path == "/api/auth/logout" else ana.token
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=checks)

    run()


def some_ids(ana: Api) -> list[dict[str, str]]:
    """Ids of rows that are there, by what paths call them; with a task, and with one in Trash."""
    project = ana.post("/api/projects", json={"name": "Home"}).json()["id"]
    section = ana.post("/api/sections", json={"name": "Garden", "project_id": project}).json()["id"]
    label = ana.post("/api/labels", json={"name": str(uuid.uuid4())}).json()["id"]
    saved = ana.post("/api/filters", json={"name": "Soon", "query": "today"}).json()["id"]
    others = {"project_id": project, "section_id": section, "label_id": label, "filter_id": saved}
    task = ana.add("There", section_id=section, label_ids=[label], due_date="2026-03-04", rrule="FREQ=DAILY")
    trashed = ana.add("In Trash", project_id=project)
    ana.delete(f"/api/tasks/{trashed['id']}")
    return [{**others, "task_id": task["id"]}, {**others, "task_id": trashed["id"]}]
