"""What came of changing one's password, in words."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

WRONG: dict[str, str] = {
    "not_right": N_("The present password is not right."),
    "sign_in_again": N_("Sign in again first, then ask at once."),
    "too_many": N_("Too many attempts. Wait a few minutes and try again."),
    "differs": N_("The two new passwords are not the same."),
    "same": N_("This is the password you have."),
    "short": N_("The new password is too short."),
    "long": N_("The new password is too long."),
    "easy": N_(
        "The new password is easy to guess: it is mostly common words, names, repetitions or runs of keys."
    ),
    "known": N_(
        "The new password is known: it is on a list of passwords that are common, or leaked elsewhere."
    ),
}
DONE: dict[str, str] = {
    "first": N_("You were given this password, and it soon ends. Choose one of your own."),
    "changed": N_("Your password is changed. You are signed in here, and nowhere else."),
    "ended": N_("You are signed out everywhere but here."),
}
ALL: Mapping[str, Mapping[str, str]] = {"password_wrong": WRONG, "password_done": DONE}
