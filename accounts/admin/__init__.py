"""The admin of people and of what everything rests on: for looking."""

from accounts.admin import events, keys, organizations, outbox, papers, people

__all__ = ["events", "keys", "organizations", "outbox", "papers", "people"]
