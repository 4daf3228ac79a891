#!/bin/sh
# Makes the cluster once, in a draft that is renamed when whole, and serves it.
set -eu
data=/var/lib/parley/data
if [ ! -e "$data/PG_VERSION" ]; then
  rm -rf "$data.draft"
  initdb -D "$data.draft" -U "parley_admin_$PARLEY_SERVER" -A scram-sha-256 \
    --pwfile /run/secrets/password --encoding UTF8 --data-checksums \
    --locale C --locale-provider builtin --builtin-locale C.UTF-8 >/dev/null
  mv "$data.draft" "$data"
fi
exec postgres -D "$data" -c config_file=/opt/parley/postgresql.conf
