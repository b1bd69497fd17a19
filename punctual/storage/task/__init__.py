"""The task service's rows: tasks, the reminder ledger, and the replicas they are judged by."""
