"""docker-compose.yml, Dockerfile and .env.example, looked at as files: there is no Docker where the tests run."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

PROJECT = Path(settings.BASE_DIR)
OURS = ["migrate", "web", "worker", "beat"]
LASTING = ["db", "redis", "web", "worker", "beat"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((PROJECT / "docker-compose.yml").read_text())


def test_compose_runs_database_broker_migrations_web_worker_and_beat(compose):
    assert set(compose["services"]) == {"db", "redis", "migrate", "web", "worker", "beat"}


@pytest.mark.parametrize("name", LASTING)
def test_every_lasting_service_is_watched_and_comes_back_after_a_crash(compose, name):
    service = compose["services"][name]
    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_serves_before_the_migrations_are_through(compose, name):
    needs = compose["services"][name]["depends_on"]
    assert needs["migrate"]["condition"] == "service_completed_successfully"
    assert needs["db"]["condition"] == needs["redis"]["condition"] == "service_healthy"
    assert compose["services"]["migrate"]["restart"] == "no"


def test_data_and_uploads_outlive_their_containers(compose):
    services = compose["services"]
    assert set(compose["volumes"]) == {"database", "queue", "media"}
    assert services["db"]["volumes"] == ["database:/var/lib/postgresql"]
    for name in OURS:
        assert services[name]["volumes"] == ["media:/var/lib/sipas/media"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_change_nothing_but_tmp_and_the_media(compose, name):
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["tmpfs"] == "/tmp"
    assert service["cap_drop"] == ["ALL"]


def test_database_and_broker_open_no_port_to_the_outside(compose):
    assert "ports" not in compose["services"]["db"]
    assert "ports" not in compose["services"]["redis"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_no_secret_stands_in_the_compose_file(compose):
    text = (PROJECT / "docker-compose.yml").read_text()
    passwords = re.findall(r"PASSWORD: (\S+)", text) + re.findall(r"://\w+:(.+)@", text)
    assert len(passwords) == 2
    assert all(word.startswith("${POSTGRES_PASSWORD:?") for word in passwords)
    assert "SECRET_KEY" not in text
    assert all(compose["services"][name]["env_file"] == ".env" for name in OURS)


def test_the_example_of_env_names_every_secret_and_holds_none():
    lines = (PROJECT / ".env.example").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert values["SECRET_KEY"] == ""
    assert values["POSTGRES_PASSWORD"] == ""
    assert ".env\n" in (PROJECT / ".gitignore").read_text()


def test_the_image_runs_as_nobody_in_particular():
    last_stage = (PROJECT / "Dockerfile").read_text().rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER 10001:10001$", last_stage, re.MULTILINE)
    assert "pip install" not in last_stage
    assert "apt-get" not in last_stage


def test_what_the_office_keeps_to_itself_stays_out_of_the_image():
    ignored = (PROJECT / ".dockerignore").read_text().split()
    assert {".env", ".git", "var", "media"} <= set(ignored)
