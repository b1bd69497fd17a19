"""The notification service: the inbox and its live stream, deliveries, preferences."""

from punctual.http import dead_letters, operations, queues
from punctual.http.notification import canary, deliveries, inbox, preferences, streams, testing, unsubscribing
from punctual.kit.web import Auth, Route
from punctual.schemas import notification as schemas

_NOTIFICATIONS = "/api/v1/notifications"
_NOTIFICATION = _NOTIFICATIONS + "/{id}"
_PREFERENCES = "/api/v1/notification-preferences"
_TESTS = "/api/v1/notification-tests"
_UNSUBSCRIPTION = "/api/v1/unsubscriptions/{token}"

ROUTES = [
    Route(
        "GET", _NOTIFICATIONS, inbox.index,
        query=schemas.NotificationQuery, sorts=inbox.SORTS, reply=schemas.Notification, many=True,
    ),
    Route(
        "GET", "/api/v1/notification-groups", inbox.groups,
        query=schemas.GroupQuery, sorts=inbox.SORTS, reply=schemas.NotificationGroup, many=True,
    ),
    Route("PUT", _NOTIFICATIONS + "/reading", inbox.read_all, status=204),
    Route("GET", _NOTIFICATIONS + "/count", inbox.count, reply=schemas.Unread),
    Route("GET", _NOTIFICATIONS + "/stream", streams.stream),
    Route("GET", _NOTIFICATION, inbox.read, reply=schemas.Notification),
    Route("PUT", _NOTIFICATION + "/reading", inbox.mark_read, reply=schemas.Notification),
    Route("DELETE", _NOTIFICATION + "/reading", inbox.mark_unread, reply=schemas.Notification),
    Route("GET", _NOTIFICATION + "/deliveries", deliveries.of_notification, reply=schemas.Deliveries),
    Route("GET", _PREFERENCES, preferences.read, reply=schemas.Preferences),
    Route("PUT", _PREFERENCES, preferences.replace, body=schemas.PreferencesIn, reply=schemas.Preferences),
    Route("GET", _UNSUBSCRIPTION, unsubscribing.read, auth=Auth.OPEN, reply=schemas.Unsubscription),
    Route("POST", _UNSUBSCRIPTION, unsubscribing.unsubscribe, auth=Auth.OPEN, reply=schemas.Unsubscription),
    Route("POST", _TESTS, testing.create, reply=schemas.NotificationTest, status=201),
    Route("GET", _TESTS + "/{id}", testing.read, reply=schemas.NotificationTest),
    Route(
        "GET", "/api/v1/deliveries", deliveries.index,
        query=schemas.DeliveryQuery, sorts=deliveries.SORTS, reply=schemas.Delivery, many=True,
    ),
    *operations.routes("notification"),
    *dead_letters.routes("notification"),
    *queues.routes("notification"),
]  # fmt: skip

DELAYS = {"reminders": canary.reminders}

__all__ = ["DELAYS", "ROUTES"]
