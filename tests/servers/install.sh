#!/usr/bin/env bash
# What the tests need of the system and PyPI does not have: a JRE with Kafka's jars, Chromium, Go.
# Installed with apt where that is allowed, otherwise named with the exact command.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=()
need() { command -v "$1" >/dev/null 2>&1 || packages+=("${@:2}"); }
need java default-jre-headless
[ -d .servers/kafka/libs ] || need mvn maven
need chromium chromium fonts-noto-color-emoji
PATH="$PATH:/usr/local/go/bin" need go golang-go

if [ ${#packages[@]} -gt 0 ]; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  install="apt-get install -y --no-install-recommends ${packages[*]}"
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    echo "Installing for the tests: ${packages[*]}"
    "${as_root[@]}" apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" $install -q >/dev/null
  else
    echo "The tests need programs that are missing here. Install them, then run make test again:" >&2
    echo "  sudo apt-get update && sudo $install" >&2
    exit 1
  fi
fi

if [ ! -d .servers/kafka/libs ]; then
  echo "Fetching Apache Kafka (43 MB)"
  rm -rf .servers/kafka.part
  mkdir -p .servers/kafka.part
  mvn -q -B -f tests/servers/kafka-pom.xml dependency:copy-dependencies -DoutputDirectory="$PWD/.servers/kafka.part/libs"
  rm -rf .servers/kafka
  mv .servers/kafka.part .servers/kafka
fi
