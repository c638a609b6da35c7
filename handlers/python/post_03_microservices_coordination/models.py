"""Models of a user who is being registered: what is wanted, and what each service hands on."""

from __future__ import annotations

from typing import Any

from support import Field, Model

#: The plan of whoever has none.
FREE = "free"


class Preferences(Model):
    """What the user wants to be different from the defaults."""

    @property
    def values(self) -> dict[str, Any]:
        """All preferences, passed on as they are."""
        return self._json.hand_on() or {}


class UserInfo(Model):
    """The task's ``user_info``: who is to be registered."""

    path = "/context/user_info"

    @property
    def email(self) -> str:
        """The address, a text."""
        return self.get("email").text()

    @property
    def name(self) -> Any:
        """The name, passed on as it is."""
        return self.get("name").hand_on()

    @property
    def plan(self) -> Any:
        """The plan, whatever it is called."""
        return _plan(self.get("plan"))

    @property
    def preferences(self) -> Preferences:
        """The preferences; null and false are none."""
        return Preferences(self.get("preferences").object_if_truthy())

    def is_named(self, name: str) -> bool:
        """Whether this is the name."""
        return bool(self.get("name").value == name)

    def is_on(self, plan: str) -> bool:
        """Whether this is the plan, or none is asked for."""
        return not self.has("plan") or bool(self.get("plan").value == plan)


class UserAccount(Model):
    """The result of ``create_user_account``."""

    path = "/dependencies/create_user_account"

    @property
    def user_id(self) -> Any:
        """The user's id, passed on as it is."""
        return self.get("user_id").hand_on()

    @property
    def email(self) -> Any:
        """The address, passed on as it is."""
        return self.get("email").hand_on()

    @property
    def plan(self) -> Any:
        """The plan, whatever it is called."""
        return _plan(self.get("plan"))

    @property
    def created_at(self) -> Any:
        """When the user was registered, passed on as it is."""
        return self.get("created_at").hand_on()


class BillingProfile(Model):
    """The result of ``setup_billing_profile``."""

    path = "/dependencies/setup_billing_profile"

    @property
    def billing_id(self) -> Any:
        """The id of the profile, passed on as it is."""
        return self.get("billing_id").hand_on()

    @property
    def next_billing_date(self) -> Any:
        """When the user pays next, passed on as it is."""
        return self.get("next_billing_date").hand_on()


class InitializedPreferences(Model):
    """The result of ``initialize_preferences``."""

    path = "/dependencies/initialize_preferences"

    @property
    def email_notifications(self) -> Any:
        """Whether the user wants mail; None where nothing is said about it."""
        return self.get("preferences").object_if_truthy().get("email_notifications").value

    @property
    def count(self) -> int:
        """How many preferences there are; what is no object holds none."""
        preferences = self.get("preferences").value
        return len(preferences) if isinstance(preferences, dict) else 0


class WelcomeSequence(Model):
    """The result of ``send_welcome_sequence``."""

    path = "/dependencies/send_welcome_sequence"

    @property
    def channels_used(self) -> Any:
        """The channels, passed on as they are; null and false are none."""
        return self.get("channels_used").hand_on() if self.has("channels_used") else []


def _plan(plan: Field) -> Any:
    """Nothing and false are the free plan, any other is passed on as it is."""
    return plan.hand_on() if plan.is_truthy() else FREE
