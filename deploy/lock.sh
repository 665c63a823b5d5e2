#!/bin/sh
# Pin every dependency with its hashes. The files name no index: each machine uses its own.
set -eu
cd "$(dirname "$0")/.."
uv=uv
command -v uv >/dev/null 2>&1 || uv=.venv/uv/bin/uv
compile() {
    "$uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command 'make lock' "$@"
}
compile pyproject.toml -o requirements.txt
compile pyproject.toml --group dev --constraint requirements.txt -o requirements-dev.txt
echo 'uv>=0.8' | compile - -o deploy/uv.txt
