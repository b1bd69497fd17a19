"""Load for update and save, given a transaction; never opens or commits one, never publishes."""
