"""Zones, deadlines and rules for properties: all offsets, every kind of clock change, leap days."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from punctual.domain.task.due import Due
from punctual.domain.task.reminders import Rule, parse_rules
from punctual.domain.task.zones import zone_named

ZONE_NAMES = [
    "Pacific/Pago_Pago",  # UTC-11
    "America/St_Johns",  # until 2010 back by an hour at 00:01
    "America/Sao_Paulo",  # until 2019 changes at midnight
    "America/Havana",  # doubles and skips midnight
    "UTC",
    "Africa/Casablanca",  # back for Ramadan
    "Europe/Berlin",
    "Asia/Kathmandu",  # UTC+5:45
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Apia",  # had no 2011-12-30
    "Pacific/Kiritimati",  # UTC+14
]

zones = st.sampled_from(ZONE_NAMES).map(zone_named)
days = st.dates(date(1970, 1, 1), date(9998, 12, 31)) | st.dates(date(2005, 1, 1), date(2040, 12, 31))
instants = st.builds(
    lambda day, second: datetime.combine(day, time(), UTC) + timedelta(seconds=second),
    days,
    st.integers(0, 24 * 3600 - 1),
)
dues = days.map(Due.on) | instants.map(Due.at)


def _rule(sign: int, days: int, minutes: int) -> Rule:
    return Rule.of(sign * days, sign * minutes)


rules = st.builds(
    _rule,
    st.sampled_from([-1, 1]),
    st.integers(0, 364),
    st.just(0) | st.integers(0, 24 * 60),
)
familiar_rules = st.sampled_from(["-P7D", "-P2D", "-P1D", "-PT24H", "-PT1H", "-PT5M", "PT0S", "PT30M", "P1D", "P3D"])
rule_sets = st.lists(familiar_rules, unique=True, max_size=6).map(parse_rules)
spans = st.timedeltas(timedelta(0), timedelta(days=4)).map(
    lambda span: span - timedelta(microseconds=span.microseconds)
)
