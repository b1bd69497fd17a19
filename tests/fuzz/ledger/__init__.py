"""The ledger of reminders under any sequence of changes, beside a model plain enough to be believed."""
