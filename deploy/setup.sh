#!/bin/sh
# Make this clone ready: Debian packages, .venv from the lock file, the project in it.
#
# Called by every target of the Makefile. Safe to repeat: a stamp in .venv holds the
# hashes of all that it depends on, so that a run with nothing to do takes well under
# a second. Registries are the ones this machine is set up for; none is named here.
#
#   deploy/setup.sh            everything
#   deploy/setup.sh --no-tests without the Debian packages that only tests need
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

kinds='required setup optional test'
[ "${1-}" = --no-tests ] && kinds='required setup optional'

# --- Debian packages ---------------------------------------------------------

# Names of the list in the wanted kinds that dpkg does not have.
missing_packages() {
    for kind in $kinds; do
        sed -n "s/^\([a-z0-9.+-]*\) *# $kind:.*/\1/p" deploy/debian-packages.txt
    done | sort | {
        wanted=$(cat)
        # shellcheck disable=SC2086
        dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
            sed -n 's/ installed$//p' | sort -u >"$scratch/have"
        printf '%s\n' "$wanted" | comm -23 - "$scratch/have"
    }
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if command -v dpkg-query >/dev/null 2>&1; then
    missing=$(missing_packages | tr '\n' ' ')
    if [ -n "$missing" ]; then
        if [ "$(id -u)" = 0 ]; then
            say "Installing Debian packages: $missing"
            export DEBIAN_FRONTEND=noninteractive
            { apt-get update -q && apt-get install -q -y --no-install-recommends $missing; } >"$scratch/apt" 2>&1 </dev/null || {
                tail -n 15 "$scratch/apt" >&2
                stop "apt-get could not install: $missing"
            }
        else
            say "Debian packages are missing. Install them, then run this again if it stops below:"
            say "  sudo apt-get install --no-install-recommends $missing"
        fi
    fi
else
    say "This is no Debian: see deploy/debian-packages.txt for what has to be there."
fi

# --- OpenSearch's jars -------------------------------------------------------

# Fetched now, so that the tests need no network later. Only tests want them: what is missing is said, not fatal.
opensearch() {
    [ "${kinds#*test}" = "$kinds" ] || .venv/bin/python -I -S deploy/opensearch/node.py >"$scratch/opensearch" ||
        say "The tests of OpenSearch cannot run before that is mended (see above)."
}

# --- Python ------------------------------------------------------------------

# A version manager's shim may exist and still fail, so each candidate is run.
find_python() {
    for candidate in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    stop "Python 3.11 or newer is needed (Debian 12: apt-get install python3 python3-venv)."
}

stamp=.venv/.set-up
# The clone's own place belongs to it: .venv holds absolute paths.
now=$({ pwd; sha256sum pyproject.toml requirements-dev.txt deploy/uv.txt deploy/setup.sh; } | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && .venv/bin/python -c '' 2>/dev/null; then
    opensearch
    exit 0
fi

began=$(date +%s)
rm -f "$stamp"
if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    python=$(find_python)
    say "Making .venv with $python"
    "$python" -m venv --clear .venv >"$scratch/venv" 2>&1 || {
        cat "$scratch/venv" >&2
        stop "python -m venv failed (Debian 12: apt-get install python3-venv)."
    }
fi

# uv installs this list in seconds where pip takes minutes. It sits beside the packages,
# not among them: the sync below removes what the lock file does not list.
if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
    uv=uv
else
    uv=.venv/uv/bin/uv
    if ! "$uv" --version >/dev/null 2>&1; then
        say "Fetching uv"
        # A venv of an older set-up has no pip any more: ensurepip brings it back.
        .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
        .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --target .venv/uv --upgrade -r deploy/uv.txt </dev/null ||
            stop "pip could not fetch uv (see above). Check that this machine reaches its Python package index, then run this again."
    fi
fi

say "Installing Python packages"
export VIRTUAL_ENV="$PWD/.venv" UV_NO_PROGRESS=1
"$uv" pip sync -q --require-hashes --compile-bytecode requirements-dev.txt </dev/null ||
    stop "uv could not install the packages (see above). Check that this machine reaches its Python package index, then run this again."
"$uv" pip install -q --no-deps --no-build-isolation --editable . </dev/null
printf '%s\n' "$now" >"$stamp"
opensearch
say "Set up in $(($(date +%s) - began)) seconds."
