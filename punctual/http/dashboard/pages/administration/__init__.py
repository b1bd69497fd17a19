"""What administrators of the instance see and do."""

from punctual.http.dashboard.pages.administration import deliveries, health, letters, people

PAGES = [*health.PAGES, *people.PAGES, *deliveries.PAGES, *letters.PAGES]
