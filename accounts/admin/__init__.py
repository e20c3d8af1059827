"""The admin of people and of what everything rests on: for looking."""

from accounts.admin import events, organizations, people

__all__ = ["events", "organizations", "people"]
