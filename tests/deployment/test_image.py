"""The image: one for every process, small, pinned, and nobody's root."""

import re

from tests.deployment.compose import FILES, ROOT, SERVERS, read

DOCKERFILE = (ROOT / "deployment" / "Dockerfile").read_text()


def test_the_image_runs_as_somebody_without_rights() -> None:
    user = re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)

    assert user == ["10001:10001"]


def test_bases_are_pinned_to_a_patch_version() -> None:
    compose = "".join((ROOT / name).read_text() for name in FILES)
    bases = [*re.findall(r"^ARG \w+_IMAGE=(\S+)", DOCKERFILE, re.MULTILINE), *re.findall(r"_IMAGE:-([^}]+)}", compose)]

    assert len(bases) == 7
    assert all(re.search(r":v?\d+\.\d+(\.\d+)?(-|$)", base) for base in bases), bases
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"${PYTHON_IMAGE}", "${POSTGRES_IMAGE}"}


def test_backups_are_made_by_the_server_s_own_version() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    versions = re.findall(r"POSTGRES_IMAGE(?:=|:-)(postgres:[^}\s]+)", DOCKERFILE + compose)

    assert len(versions) == 2
    assert len(set(versions)) == 1


def test_dependencies_are_locked_with_hashes() -> None:
    assert "--require-hashes" in DOCKERFILE
    assert "requirements.lock" in DOCKERFILE


def test_the_image_says_whether_its_process_lives() -> None:
    assert "HEALTHCHECK" in DOCKERFILE
    assert "PUNCTUAL_HEARTBEAT_FILE=/tmp/" in DOCKERFILE


def test_only_what_runs_gets_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split("\n")
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)

    assert "*" in ignored
    assert all(f"!{path}" in ignored for paths in copied for path in paths.split())


def test_every_process_is_of_the_one_image() -> None:
    images = {name: service.get("image", "") for name, service in read("docker-compose.yml")["services"].items()}
    others = {name for name, image in images.items() if not image.startswith("punctual:")}

    assert others == SERVERS
