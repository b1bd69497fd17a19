"""What people decide for themselves: profile, password and sessions, reminders, notifications."""

from punctual.http.dashboard.pages.settings import notifications, profile, reminders, security, testing

PAGES = [*profile.PAGES, *security.PAGES, *reminders.PAGES, *notifications.PAGES, *testing.PAGES]
