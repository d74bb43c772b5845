"""Where no mail server is set, that is said at the start, and no link is printed."""

from coachbot.mail.models import Mail, State
from coachbot.settings import PUBLIC_BASE_URL
from tests.coachbot.mail.test_outbox import let_rest_pass
from tests.factories import make_user
from tests.servers import wait_until
from tests.workers import Worker


def test_production_without_a_mail_server_says_so_and_prints_no_link(web, visit, providers):
    Mail.objects.all().delete()
    visit().post("/password/forgotten", email=make_user().email)
    let_rest_pass()

    worker = Worker(**providers).start()
    try:
        wait_until(lambda: worker.says("Mail is off."), "the mail")
        # A worker that is killed between that and its note leaves the mail for the next one.
        wait_until(lambda: not Mail.objects.filter(state=State.WAITING).exists(), "its end")
    finally:
        worker.kill()

    printed = worker.log.read_text()
    assert "EMAIL_URL is not set, so mail is off" in web.output()
    assert "EMAIL_URL is not set, so mail is off" in printed
    assert f"within three days:\\n\\n{PUBLIC_BASE_URL}/" in printed
    assert "/password/new/" not in printed


def test_development_prints_mails_whole(visit, providers):
    Mail.objects.all().delete()
    visit().post("/password/forgotten", email=make_user().email)
    let_rest_pass()

    worker = Worker(**providers, DEBUG="1", LOG_JSON="1").start()
    try:
        wait_until(lambda: worker.says("/password/new/"), "the mail")
    finally:
        worker.kill()
