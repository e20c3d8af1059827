"""Whole stories, replayed through the services with their own dates."""
