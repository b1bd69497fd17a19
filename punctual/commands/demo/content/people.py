"""The twelve people of Tidewater Cargo Bikes."""

from dataclasses import dataclass

ORGANISATION = "Tidewater Cargo Bikes"
DOMAIN = "tidewater.example"


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """Somebody, by what others call them."""

    handle: str
    name: str
    time_zone: str

    def email(self, domain: str) -> str:
        """The address to sign in with."""
        return f"{self.handle}@{domain}"


PEOPLE = (
    PersonDraft("ines", "Ines Carvalho", "Europe/Lisbon"),
    PersonDraft("tomasz", "Tomasz Zielinski", "Europe/Warsaw"),
    PersonDraft("maren", "Maren Holt", "Europe/Copenhagen"),
    PersonDraft("yusuf", "Yusuf Demir", "Europe/Istanbul"),
    PersonDraft("priya", "Priya Raman", "Asia/Kolkata"),
    PersonDraft("jonas", "Jonas Lindqvist", "Europe/Stockholm"),
    PersonDraft("chloe", "Chloé Bertrand", "Europe/Paris"),
    PersonDraft("daniel", "Daniel Okafor", "Africa/Lagos"),
    PersonDraft("mei", "Mei Tanaka", "Asia/Tokyo"),
    PersonDraft("sofia", "Sofia Rinaldi", "Europe/Rome"),
    PersonDraft("liam", "Liam Doyle", "America/New_York"),
    PersonDraft("ana", "Ana Beltrán", "America/Bogota"),
)
