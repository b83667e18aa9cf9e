#!/bin/sh
# Everything that can be said about the code without running the tests. Says all it finds, then fails if anything was.
BIN=${BIN:-.venv/bin}
failed=""
step() {
	name=$1
	shift
	echo "== $name"
	"$@" || failed="$failed $name;"
}
PRODUCTION_LIKE="PRODUCTION=1 SECRET_KEY=$(head -c 48 /dev/urandom | base64 | tr -d '\n') ALLOWED_HOSTS=sipas.example.vn
	DATABASE_URL=postgres://sipas@127.0.0.1:1/sipas REDIS_URL=redis://127.0.0.1:1/0 SITE_URL=https://sipas.example.vn"
step "ruff" "$BIN/ruff" check --quiet .
step "format" "$BIN/ruff" format --check --quiet .
step "mypy" "$BIN/mypy" --no-error-summary .
step "layers" "$BIN/lint-imports" --no-cache
step "missing migrations" "$BIN/python" -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
# shellcheck disable=SC2086
step "check --deploy" env $PRODUCTION_LIKE "$BIN/python" manage.py check --deploy --fail-level WARNING
[ -d templates ] && step "templates" "$BIN/djlint" --lint --quiet templates
if docker compose version >/dev/null 2>&1; then
	office=$(mktemp -d)
	cp .env.example "$office/.env"
	step "compose file" env POSTGRES_PASSWORD=x docker compose --project-directory "$office" -f docker-compose.yml config --quiet
	rm -rf "$office"
else
	echo "== compose file: no docker compose here; tests/test_compose.py looks at its shape"
fi
if [ -n "$failed" ]; then
	echo "make check: failed:$failed" >&2
	exit 1
fi
echo "make check: all well"
