#!/bin/sh
# The sample library, taken in through the real pipeline and served. Called by `make demo` and `make demo-scaled`.
# Options are those of `hoclieu serve`. WORK: how many workers there are, that of `serve` included (1).
# Safe to repeat: what the library already has is a duplicate, not a second copy.
set -eu
cd "$(dirname "$0")/.."
port=${PORT:-8000}
export HOCLIEU_HOME="${HOCLIEU_HOME:-var}"
sample=build/sample

# Said before minutes of work, not after.
.venv/bin/python - "$port" <<'PYTHON'
import socket, sys

try:
    port = int(sys.argv[1])
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
except (OSError, ValueError, OverflowError) as error:
    sys.exit(f"Port {sys.argv[1]} on 127.0.0.1 cannot be used ({error}): choose another one, such as make demo PORT=8123")
PYTHON

# Rebuilt only when its sources changed: the same bytes are duplicates to the library anyway.
state=$(cat deploy/sample/*.* deploy/sample/sources/* deploy/sample/kinds/* requirements.txt | sha256sum)
if [ "$(cat build/sample.state 2>/dev/null)" != "$state" ]; then
    rm -rf "$sample"
    mkdir -p build
    .venv/bin/python -m deploy.sample.build "$sample"
    printf '%s\n' "$state" >build/sample.state
fi

.venv/bin/hoclieu organisations import deploy/sample/organisations.csv
# What no school made, the department did.
.venv/bin/hoclieu ingest "$sample" --publish --licence CC0-1.0 --organisation so-gddt-cao-bang --sheet "$sample/manifest.csv"

url=${HOCLIEU_PUBLIC_URL:-http://127.0.0.1:$port}
printf '\nThử ba việc này / Three things to try:\n'
sed "s|^|  $url|" deploy/sample/try.txt
echo
work=${WORK:-1}
while [ "$work" -gt 1 ]; do
    # `exec` leaves this shell's number to `serve`, with which they end.
    .venv/bin/hoclieu work --parent $$ &
    work=$((work - 1))
done
exec .venv/bin/hoclieu serve --port "$port" "$@"
