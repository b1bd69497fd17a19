"""The languages and countries whose way to write dates can be chosen."""

from functools import cache

from punctual.http.dashboard.viewer import locale_of

TAGS = (
    *("en", "en-GB", "en-US", "en-AU", "en-CA", "en-IE", "en-IN", "en-NZ", "en-ZA"),
    *("de", "de-AT", "de-CH", "fr", "fr-BE", "fr-CA", "fr-CH", "es", "es-AR", "es-MX", "it", "it-CH", "nl", "nl-BE"),
    *("pt-BR", "pt-PT", "ca", "eu", "gl", "cs", "sk", "pl", "hu", "ro", "bg", "hr", "sr", "sl", "el", "tr", "uk", "ru"),
    *("da", "nb", "sv", "fi", "is", "et", "lv", "lt", "ga", "cy", "he", "ar", "fa", "ur", "hi", "bn", "ta", "te", "mr"),
    *("th", "vi", "id", "ms", "fil", "ja", "ko", "zh-Hans-CN", "zh-Hant-TW", "sw", "af", "zu"),
)


@cache
def choices() -> list[tuple[str, str]]:
    """Tags with the names that the languages have for themselves, in the order of these."""
    return sorted(((tag, name_of(tag)) for tag in TAGS), key=lambda choice: choice[1].casefold())


def with_own(tag: str) -> list[tuple[str, str]]:
    """The choices, and the one that was made elsewhere if it isn't among them."""
    return choices() if tag in TAGS else [(tag, f"{name_of(tag)} ({tag})"), *choices()]


def name_of(tag: str) -> str:
    """Like `Deutsch (Österreich)`."""
    name = locale_of(tag).get_display_name() or tag
    return name[:1].upper() + name[1:]
