"""The world outside, each part with a fake for tests."""
