"""The error envelope as a client sees it."""

JSON = "application/json"
VALIDATION_FAILED = "Validation failed."
INVALID_JSON = "Request body must be valid JSON."
CONSENT = "`consent` must be true."


def assert_error(response, status: int, error: str, **more) -> None:
    """Check status, type and the whole body: nothing but ok, error and what `more` names.

    The message of failed validation names the first fields, unless `more` says another.
    """
    if error == VALIDATION_FAILED and "message" not in more:
        told = response.json().get("message", "")
        for problem in more["issues"][:3]:
            path = ".".join(map(str, problem["path"])) or "body"
            assert f"{path}: {problem['message']}" in told, told
        more["message"] = told
    assert (response.status_code, response.json()) == (
        status,
        {"ok": False, "error": error, **more},
    )
    assert response.headers["Content-Type"] == JSON
    assert response.headers["X-Request-Id"]


def issue(*path, message: str) -> dict:
    """Return one member of `issues`."""
    return {"path": list(path), "message": message}
