"""After erasure nothing in the database tells which numbers are on a do-not-call list."""

from django.core.management import call_command
from django.db import connection

from leads.contact.do_not_call import opt_outs
from leads.models import Way
from tests.factories import make_phone, make_user


def everything() -> str:
    """Return the text of every row of every table."""
    with connection.cursor() as cursor:
        parts = []
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            # As text: a moment of PostgreSQL may be one that Python has not.
            wanted = f"{quoted}::text" if connection.vendor == "postgresql" else "*"
            cursor.execute(f"SELECT {wanted} FROM {quoted}")
            for row in cursor.fetchall():
                parts += [
                    bytes(value).decode(errors="replace")
                    if isinstance(value, (bytes, memoryview))
                    else str(value)
                    for value in row
                ]
    return "\n".join(parts)


def test_no_row_of_any_table_holds_a_listed_number(cast, api, reporter, visit):
    workspace, visitor = cast.workspace, visit(make_user(cast.workspace))
    base = f"/admin/{workspace.slug}"
    by_tool, by_page, by_command, by_file = phones = [make_phone() for _ in range(4)]
    for phone in (by_tool, by_page):
        api.submit(phone=phone)
    [call] = [c for c in cast.placed() if c.body["customer"]["number"] == by_tool]
    reporter.ask(call, "optOut", {"reason": f"Never call {by_tool} again."})
    reporter.report(call, "customer-ended-call")
    page_lead = workspace.leads.get(phone=by_page)
    visitor.post(f"{base}/leads/{page_lead.pk}/do-not-call")
    call_command("do_not_call", workspace.slug, "add", by_command)
    written = f"phone\n{by_file.replace('+44', '+44 (0)')}\n".encode()
    files = {"upload-file": ("list.csv", written)}
    visitor.ask("POST", f"{base}/do-not-call/upload", files=files)
    for phone in (by_command, by_file):  # they write in again
        assert api.submit(phone=phone).json()["callQueued"] is False
    before = everything()

    lead_ids = [str(pk) for pk in workspace.leads.values_list("pk", flat=True)]
    visitor.post(f"{base}/leads/delete", lead=lead_ids)

    after = everything()
    ways = sorted(workspace.opt_outs.values_list("way", flat=True))
    assert ways == sorted([Way.ASSISTANT, Way.PAGE, Way.COMMAND, Way.UPLOAD])
    assert all(opt_outs.is_listed(workspace.pk, phone) for phone in phones)
    for phone in phones:
        significant = phone.removeprefix("+44")
        assert significant in before
        assert significant not in after
