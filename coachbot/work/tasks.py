"""The periodic task of the worker itself."""

from coachbot.work import heartbeat, periodic

periodic.every(heartbeat.EVERY, name="heartbeat")(heartbeat.write)
