"""The words of the demo: an organisation that builds cargo bikes, and what it has to do."""

from punctual.commands.demo.content.drafts import ProjectDraft
from punctual.commands.demo.content.finance import FINANCE
from punctual.commands.demo.content.hiring import HIRING
from punctual.commands.demo.content.office import OFFICE
from punctual.commands.demo.content.operations import OPERATIONS
from punctual.commands.demo.content.people import DOMAIN, ORGANISATION, PEOPLE, PersonDraft
from punctual.commands.demo.content.product import PRODUCT
from punctual.commands.demo.content.website import WEBSITE

PROJECTS: tuple[ProjectDraft, ...] = (OPERATIONS, WEBSITE, HIRING, FINANCE, PRODUCT, OFFICE)

__all__ = ["DOMAIN", "ORGANISATION", "PEOPLE", "PROJECTS", "PersonDraft", "ProjectDraft"]
