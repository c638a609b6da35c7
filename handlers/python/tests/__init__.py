"""Replays the golden vectors against the Python handlers, without Rust."""
