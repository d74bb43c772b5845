"""Channels of a team: Slack, and what takes the same JSON (Mattermost, Rocket.Chat, Discord).

Out only: client.py posts a text to an incoming webhook.
"""
