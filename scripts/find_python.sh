#!/bin/sh
# Prints a Python of version 3.11 or newer: $PYTHON when it is set, else the first that is found.
# On Debian, where there is none or it cannot make virtual environments, installs it from the system's packages.
set -eu

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
complete() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

apt_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    root=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || return 1
        root="sudo"
    fi
    echo "Installing $* from the system's packages." >&2
    $root apt-get update -qq >&2 && $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >&2
}

find_python() {
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3.14 python3}; do
        if fits "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

if ! python=$(find_python); then
    if [ -n "${PYTHON:-}" ]; then
        echo "PYTHON=$PYTHON is not Python 3.11 or newer." >&2
        exit 1
    fi
    if ! { apt_install python3 python3-venv && python=$(find_python); }; then
        echo "Python 3.11 or newer was not found. Install it (Debian 12: apt-get install python3 python3-venv;" \
            "macOS: brew install python@3.13), or name it: make PYTHON=/path/to/python3.12 ..." >&2
        exit 1
    fi
fi

if ! complete "$python"; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if ! { apt_install "python$version-venv" && complete "$python"; }; then
        echo "$python cannot make virtual environments. On Debian: apt-get install python$version-venv" >&2
        exit 1
    fi
fi

echo "$python"
