from django.apps import AppConfig


class SentFormsConfig(AppConfig):
    name = "coachbot.sent_forms"
