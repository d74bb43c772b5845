import unicodedata

from django.db import migrations


def fold(apps, schema_editor):
    """Store addresses as accounts are looked up from now on; nearly all of them are already.

    Where two accounts would become one, both stay as they are: the one whose address is folded
    already is found by it, the other one is for whoever runs this Coachbot to look at.
    """
    User = apps.get_model("workspaces", "User")
    for user in User.objects.only("email").iterator():
        short = unicodedata.normalize("NFKC", user.email)
        folded = unicodedata.normalize("NFKC", short.casefold()).strip()
        if folded != user.email and not User.objects.filter(email=folded).exists():
            User.objects.filter(pk=user.pk).update(email=folded)


class Migration(migrations.Migration):

    dependencies = [
        ("workspaces", "0010_allowed_number_types"),
    ]

    operations = [
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
