"""The people who sign in: known by their e-mail address, which is kept folded."""

from typing import Any

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from coachbot.visible import folded


class UserManager(BaseUserManager["User"]):
    """Makes and finds users. Two spellings that fold to one address are one user."""

    @classmethod
    def normalize_email(cls, email):
        """Return an address as it is stored; Django asks for it wherever a user is made."""
        return folded(email or "")

    def get_by_natural_key(self, email):
        return self.of_address(email).get()

    def of_address(self, email: str) -> "models.QuerySet[User]":
        """Return the user whom an address belongs to, in whichever spelling."""
        return self.filter(email=folded(email))

    def get_or_make(self, email: str) -> tuple["User", bool]:
        """Return the user of an address, and whether that one was made here, without a password.

        Both take the same statements, so that the time does not tell which it was.
        """
        new = self.model(email=self.normalize_email(email))
        new.set_unusable_password()
        self.bulk_create([new], ignore_conflicts=True)
        user = self.of_address(email).get()
        return (
            user,
            user.password == new.password,
        )  # a random one, though nobody can sign in with it

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user. Without a password nobody can sign in until one is set."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Make a member of the platform's staff, who may use /admin/."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person. What they may see is said by their memberships."""

    username = None  # type: ignore[assignment]  # as Django's documentation removes a field
    email = models.EmailField("e-mail", max_length=254, unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()  # type: ignore[assignment,misc]  # the stubs know Django's own only

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self):
        return self.email

    @classmethod
    def normalize_username(cls, username):
        """Return an address as it is stored; Django's forms ask for it."""
        return folded(username)
