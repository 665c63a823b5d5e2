#!/bin/sh
# Secrets and certificates for compose.yaml, once a machine: deploy/prepare.sh HOST [FOLDER]
#
# Nothing that is there is made again, so running it twice changes nothing; remove a file to have it anew.
# The site's own certificate is signed by the CA made here until yours lies in its place (site.pem with its chain,
# site.key; names HOST and *.play.HOST).
set -eu
umask 077
host=${1:?the name under which readers reach the library, such as lib.example.vn}
here=$(cd "$(dirname "$0")" && pwd)
folder=${2:-$here/../secrets}
days=825  # what browsers accept of a certificate of one's own at most

mkdir -p "$folder"
cd "$folder"

secret() { [ -s "$1" ] || openssl rand -hex "$2" | tr -d '\n' >"$1"; }
# A name in the certificate, the names it answers to, what it is for.
certificate() {
    [ -s "$1.pem" ] && return
    openssl req -new -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$2" -out "$1.csr" 2>/dev/null
    printf 'subjectAltName=%s\nextendedKeyUsage=%s\nkeyUsage=digitalSignature,keyEncipherment\n' "$3" "$4" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA inside-ca.pem -CAkey inside-ca.key -days "$days" -sha256 -extfile "$1.ext" \
        -out "$1.pem" 2>/dev/null
    rm "$1.csr" "$1.ext"
}

secret database-password 24
secret objects-access-key 10
secret objects-secret-key 24
secret metrics-token 24

[ -s inside-ca.pem ] || openssl req -x509 -newkey rsa:3072 -nodes -keyout inside-ca.key -out inside-ca.pem -days 3650 \
    -sha256 -subj "/CN=hoclieu inside" -addext "basicConstraints=critical,CA:TRUE,pathlen:0" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
certificate s3 s3 DNS:s3 serverAuth
# A node speaks to other nodes with the certificate that it answers with.
certificate opensearch opensearch DNS:opensearch serverAuth,clientAuth
# OpenSearch knows the library by this name (security/roles_mapping.yml).
certificate library hoclieu DNS:hoclieu clientAuth
# Whoever changes OpenSearch's own roles while it runs (securityadmin.sh); no container has it.
certificate opensearch-admin hoclieu-admin DNS:hoclieu-admin clientAuth
certificate site "$host" "DNS:$host,DNS:*.play.$host" serverAuth

# The library's keys open its own bucket and no other; only the operator's make one.
[ -s s3-operator-key ] || secret s3-operator-key 24
[ -s s3-identities.json ] || cat >s3-identities.json <<JSON
{"identities": [
  {"name": "operator", "credentials": [{"accessKey": "operator", "secretKey": "$(cat s3-operator-key)"}],
   "actions": ["Admin", "Read", "Write", "List", "Tagging"]},
  {"name": "library", "credentials": [{"accessKey": "$(cat objects-access-key)", "secretKey": "$(cat objects-secret-key)"}],
   "actions": ["Read:hoclieu", "Write:hoclieu", "List:hoclieu", "Tagging:hoclieu"]}
]}
JSON

# The folder is closed; inside it each image reads its own files under a user of its own.
chmod 0700 .
chmod 0444 ./*.pem ./*.key ./*-password ./*-key ./*-token ./*.json
chmod 0400 inside-ca.key opensearch-admin.key s3-operator-key
# Nobody else's settings are touched.
[ -s "$here/.env" ] || [ -n "${2-}" ] || printf 'SITE_HOST=%s\n' "$host" >"$here/.env"
