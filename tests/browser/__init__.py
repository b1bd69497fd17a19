"""The dashboard in a real Chromium, before a whole stack."""
