#!/bin/sh
# Makes the virtual environment $1 with everything of both lock files. Needs Python 3.11 or newer with venv and pip.
# uv does the work in seconds; where it cannot be had, plain pip does the same from the same locks.
set -eu
venv=$1
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
	{ echo "Cần Python 3.11 trở lên: make setup PYTHON=python3.12 / Python 3.11 or newer is needed." >&2; exit 1; }
[ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear "$venv"
echo "Installing packages into $venv …"
if "$venv/bin/python" -m pip install --quiet --disable-pip-version-check uv 2>/dev/null &&
	"$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --require-hashes \
		-r requirements.txt -r requirements-dev.txt; then
	:
else
	echo "uv could not do it; pip will."
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements.txt -r requirements-dev.txt
fi
# The project's folder on the path of every program of the environment, as an editable install would put it.
site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd >"$site/sipas_tracker.pth"
