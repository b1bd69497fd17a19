"""Rotation of the signing keys."""

import logging
import secrets
from datetime import datetime

from punctual.domain.auth import keys as domain
from punctual.domain.auth.keys import SEED_BYTES, SigningKey
from punctual.kit import ids
from punctual.kit.schedule import scheduled
from punctual.kit.transactions import Transaction
from punctual.storage.auth import keys as storage

log = logging.getLogger(__name__)


@scheduled("auth", seconds=600)
def rotate_keys(transaction: Transaction) -> None:
    """Make the next key in time, drop keys that nothing alive was signed with."""
    keys = storage.load_all(transaction)
    if signs_from := domain.next_signs_from(keys, transaction.now):
        _make(transaction, signs_from)
    if gone := domain.retired(keys, transaction.now):
        storage.delete(transaction, gone)


def add(transaction: Transaction) -> SigningKey:
    """The next key before its time: published now, signing once everybody knows it."""
    storage.load_all(transaction)
    return _make(transaction, transaction.now + domain.PUBLISHED_BEFORE)


def replace(transaction: Transaction) -> SigningKey:
    """A key that signs at once, in place of all others: what they have signed is void."""
    storage.delete(transaction, storage.load_all(transaction))
    return _make(transaction, transaction.now)


def _make(transaction: Transaction, signs_from: datetime) -> SigningKey:
    random = [secrets.token_bytes(SEED_BYTES) for _ in range(2)]
    key = SigningKey(ids.uuid7(), random[0], random[1], transaction.now, signs_from)
    storage.insert(transaction, key)
    log.info("Signing key %s signs from %s", key.id, signs_from)
    return key
