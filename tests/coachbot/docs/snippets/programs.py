"""Runs the snippets of /docs as their readers would."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.servers import ROOT, free_port, wait_until

FOLDER = ROOT / "coachbot" / "docs" / "snippets"
# How each is started, and the program that has to be installed for it.
COMMANDS = {
    "sh": ("bash", ["bash", "lead_form.sh"]),
    "py": (sys.executable, [sys.executable, "lead_form.py"]),
    "mjs": ("node", ["node", "lead_form.mjs"]),
    "php": ("php", ["php", "-S", "127.0.0.1:{port}", "lead_form.php"]),
    "rb": ("ruby", ["ruby", "lead_form.rb"]),
    "go": ("go", ["{folder}/lead_form"]),
}
# How each says its version.
VERSIONS = {
    "sh": ["bash", "-c", 'echo "bash $BASH_VERSION, $(curl --version | cut -d " " -f 1-2)"'],
    "py": [sys.executable, "--version"],
    "mjs": ["node", "--version"],
    "php": ["php", "--version"],
    "rb": ["ruby", "--version"],
    "go": ["go", "version"],
}
# What the shell's exit codes say, in the statuses of the others.
STATUSES = {0: 200, 1: 422, 2: 503}


def is_installed(language: str) -> bool:
    """Return whether this machine can run a snippet."""
    return shutil.which(COMMANDS[language][0]) is not None


def version_of(language: str) -> str:
    """Return what an installed language says of its version, on one line."""
    said = subprocess.run(VERSIONS[language], check=True, capture_output=True, text=True).stdout
    return said.splitlines()[0]


def require(language: str) -> None:
    """Skip the test, saying why, where a language is not installed."""
    if not is_installed(language):
        program = COMMANDS[language][0]
        pytest.skip(f"{program} is not installed, so lead_form.{language} was not run")


class Program:
    """A snippet that is running, with the key of a workspace."""

    def __init__(self, language: str, base_url: str, key: str, folder: Path):
        self.language = language
        self.port = free_port()
        self.environment = {
            **os.environ,
            "COACHBOT_URL": base_url,
            "COACHBOT_API_KEY": key,
            "PORT": str(self.port),
        }
        self.command = [
            part.format(port=self.port, folder=folder) for part in COMMANDS[language][1]
        ]
        if language == "go":
            build = ["go", "build", "-o", f"{folder}/lead_form", "lead_form.go"]
            subprocess.run(build, cwd=FOLDER, check=True)

    def __enter__(self) -> "Program":
        self.process = None
        if self.language != "sh":
            self.process = subprocess.Popen(
                self.command, cwd=FOLDER, env=self.environment, stderr=subprocess.DEVNULL
            )
            wait_until(self._answers, f"lead_form.{self.language} to listen")
        return self

    def __exit__(self, *exception) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=10)

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"lead_form.{self.language} ended: {self.process.returncode}")
        try:
            requests.get(f"http://127.0.0.1:{self.port}/", timeout=5)
        except requests.ConnectionError:
            return False
        return True

    def submit(self, **form: str) -> tuple[int, dict]:
        """Fill the form in. Return the status and the JSON that a page would get."""
        if self.language == "sh":
            return self._submit_to_shell(form)
        answer = requests.post(f"http://127.0.0.1:{self.port}/lead", data=form, timeout=60)
        return answer.status_code, answer.json()

    def _submit_to_shell(self, form: dict[str, str]) -> tuple[int, dict]:
        words = [form.get(name, "") for name in ("name", "phone", "email", "consent")]
        run = subprocess.run(
            [*self.command, *words],
            cwd=FOLDER,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        answer = json.loads(run.stdout)
        if run.returncode == 1:  # it prints the answer as it came
            issues = answer.get("issues") or [{"path": ["consent"], "message": answer["error"]}]
            answer = {"ok": False, "fields": {i["path"][0]: i["message"] for i in issues}}
        return STATUSES[run.returncode], answer
