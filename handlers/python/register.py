"""Registers all handlers with Tasker's worker."""

from __future__ import annotations

from tasker_core import HandlerRegistry

POSTS = (
    "post_01_ecommerce",
    "post_02_data_pipeline",
    "post_03_microservices_coordination",
    "post_04_team_scaling",
)


def register_all(registry: HandlerRegistry) -> list[str]:
    """Looks through the packages of all posts, and returns the names of the handlers that are there."""
    for post in POSTS:
        registry.discover_handlers(post)
    return registry.list_handlers()
