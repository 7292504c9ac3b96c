#!/usr/bin/env bash
# Installs from the system's packages what the tests need beside Python: Chromium with a font, and PostgreSQL; and the
# packages named as PROGRAM:PACKAGE whose program is missing.
# Without root and without sudo it names the line to run instead. Does nothing when everything is there.
set -euo pipefail

packages=()
chromium_runs() { # the snap stub of Ubuntu stands in the path, but does not start without snapd
  for name in "${RUANGAMAN_CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && "$name" --version --no-sandbox >/dev/null 2>&1 && return 0
  done
  compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium-*" >/dev/null
}
stub_only() { apt-cache policy chromium 2>/dev/null | grep -qE 'Candidate: (\(none\)|.*snap)' || ! apt-cache show chromium >/dev/null 2>&1; }

chromium_runs || packages+=(chromium fonts-liberation fonts-roboto-unhinted)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || packages+=(postgresql)
for one in "$@"; do command -v "${one%%:*}" >/dev/null || packages+=("${one#*:}"); done
# The same Chromium without windows makes the tests quicker; where it cannot be had, the whole one does it too.
quicker_browser() {
  command -v chromium-headless-shell >/dev/null && return
  local told; told=$(apt-cache policy chromium-headless-shell 2>/dev/null) || return 0
  [[ $told =~ Candidate:\ [0-9] ]] || return 0
  local as_root=(); [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  echo "Installing: chromium-headless-shell"
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get -qq install -y --no-install-recommends chromium-headless-shell \
    >/dev/null 2>&1 || echo "It cannot be had; the tests run with the whole Chromium."
}
[ -n "${RUANGAMAN_CHROMIUM:-}" ] || [ ${#packages[@]} -ne 0 ] || quicker_browser
[ ${#packages[@]} -eq 0 ] && exit 0

command -v apt-get >/dev/null || { echo "The tests need: ${packages[*]}. Install them with this system's package manager."; exit 1; }
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
  else echo "The tests need more. As root, run: apt-get install --no-install-recommends ${packages[*]}"; exit 1; fi
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get -qq update
if [[ " ${packages[*]} " == *" chromium "* ]] && stub_only; then
  # Ubuntu ships Chromium as a snap only: take the build that Playwright publishes for it.
  rest=(); for name in "${packages[@]}"; do [ "$name" = chromium ] || rest+=("$name"); done
  packages=("${rest[@]}")
  "${as_root[@]}" "$(dirname "$0")/../.venv/bin/python" -m playwright install-deps chromium
  "$(dirname "$0")/../.venv/bin/python" -m playwright install chromium
fi
echo "Installing: ${packages[*]}"
"${as_root[@]}" apt-get -qq install -y --no-install-recommends "${packages[@]}" >/dev/null
[ -n "${RUANGAMAN_CHROMIUM:-}" ] || quicker_browser
