""".env.example names every setting that the code reads, and none besides."""

import re

from tests.servers import ROOT

READ = re.compile(r"""(?:\benv\.\w+|\bsecret)\(\s*["']([A-Z_]+)["']""")
NOT_OURS = {"POSTGRES_PASSWORD"}  # compose.yaml


def test_env_example_lists_every_setting():
    sources = [ROOT / "coachbot" / "settings.py", ROOT / "gunicorn.conf.py"]
    read = {name for source in sources for name in READ.findall(source.read_text())}

    listed = re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert set(listed) - NOT_OURS == read
