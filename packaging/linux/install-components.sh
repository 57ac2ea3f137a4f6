#!/usr/bin/env bash
# Installs, on Debian or Ubuntu and as root, what the tests use beside Java and Maven. Java 25 and Maven are
# expected to be there. Safe to repeat; does nothing when everything is there.
set -euo pipefail

packages=(
  # JavaFX: text needs fonts and fontconfig, a window needs GTK, a test of a real window needs Xvfb.
  libpangoft2-1.0-0 fonts-dejavu-core libgtk-3-0 libxtst6 xvfb xauth
  # Looks whether a window is there.
  x11-utils
  # The pooler in front of a database.
  pgbouncer
  # A client of the query cluster in another language.
  python3 python3-grpcio python3-protobuf python3-thrift
  # A server of an older version, with its pg_dump.
  postgresql
  # Checks the model of the cutover.
  spin gcc libc6-dev
)

missing=()
for package in "${packages[@]}"; do
  # Newer releases carry some libraries under a name that ends in t64.
  if ! dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null | grep -q 'install ok installed'; then
    missing+=("$package")
  fi
done
if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "Missing packages: ${missing[*]}. Run as root: apt-get install ${missing[*]}" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
# The tests start servers of their own; the package need not make one.
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
  mkdir -p /etc/postgresql-common
  echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
fi
apt-get update -qq </dev/null
apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
