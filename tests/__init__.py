"""Tests mirror the package; `flows/` tells whole stories through the gateway."""
