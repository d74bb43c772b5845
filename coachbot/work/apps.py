from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "coachbot.work"
