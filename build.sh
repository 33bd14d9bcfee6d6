#!/usr/bin/env bash
# One script for a person and for CI. Needs the .NET 10 SDK; the system packages it installs itself where it can.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'U'
usage: ./build.sh COMMAND [ARGUMENTS]
  prepare          install the system packages that the rest needs (Debian, as root); the others call it
  restore          fetch the NuGet packages named by the lock files
  format           format the sources
  build            build everything (Release)
  test             check the format, build, run every test
  soak             the same tests, with the long ones
  standalone ...   build the command `ranking` and run `ranking standalone ...`
  bench NAME ...   measure NAME; the last line is one JSON object, kept in artifacts/bench/NAME.json
exit codes: 0 done, 1 a step failed, 2 wrong usage, 3 something is missing on this machine
U
}

# No build process outlives the command; errors and prompts in one language.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
export DOTNET_CLI_UI_LANGUAGE=en DEBIAN_FRONTEND=noninteractive

say() { echo "build.sh: $*" >&2; }
missing() { say "$*"; exit 3; }

need_sdk() {
  command -v dotnet > /dev/null \
    || missing "the .NET 10 SDK is not installed: get it from https://dotnet.microsoft.com/download and put dotnet on the PATH"
  dotnet --version > /dev/null 2>&1 \
    || missing "none of the installed .NET SDKs ($(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ')) fits global.json: 10.0.100 or later is needed"
  # What is built here starts by itself and looks for the runtime only in the default folder and in this one.
  export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(realpath "$(command -v dotnet)")")}
}

can_install() { [[ $EUID -eq 0 ]] && command -v apt-get > /dev/null; }

# libtorch needs the libstdc++ of GCC 13 or later; Debian 12 has that of GCC 12.
has_libstdcxx() {
  local library
  library=$(PATH=$PATH:/sbin ldconfig -p | awk '/libstdc\+\+\.so\.6 .*x86-64/ { print $NF; exit }')
  [[ -n $library ]] && grep -q GLIBCXX_3.4.32 "$library"
}

# From Debian 13 with the libc that it needs, pinned so low that nothing else comes from there; the sources stay as they are.
need_libstdcxx() {
  has_libstdcxx && return
  . /etc/os-release
  [[ $ID == debian ]] && can_install \
    || missing "libtorch needs a libstdc++.so.6 with GLIBCXX_3.4.32 (GCC 13 or later): install it, or on Debian 12 run './build.sh prepare' as root"
  local mirror
  # Until apt has read its sources once, as in a new image, it names no release.
  apt-get update -qq
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' \
    | awk -v release="$VERSION_CODENAME" '$2 == release { print $1; exit }')
  [[ -n $mirror ]] || missing "no Debian mirror among apt's sources: libstdc++6 of Debian 13 must be installed by hand"
  say "installing libstdc++6 of Debian 13 from $mirror"
  cat > /etc/apt/sources.list.d/ranking-trixie.sources <<S
Types: deb
URIs: $mirror
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
S
  printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n' > /etc/apt/preferences.d/ranking-trixie
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends -t trixie -o Dpkg::Options::=--force-confold libstdc++6 > /dev/null
  has_libstdcxx || missing "libstdc++6 of Debian 13 was installed and still has no GLIBCXX_3.4.32"
}

# What only tests need: they skip without it, and say so.
need_test_servers() {
  local packages=()
  command -v redis-server > /dev/null || packages+=(redis-server)
  command -v java > /dev/null || packages+=(openjdk-17-jre-headless)
  [[ ${#packages[@]} -gt 0 ]] || return 0
  can_install || { say "without ${packages[*]} some tests skip; './build.sh prepare' as root installs them on Debian"; return; }
  say "installing ${packages[*]}"
  apt-get update -qq
  # A server started by its package would be nobody's: the tests start their own.
  local policy=/usr/sbin/policy-rc.d
  [[ -e $policy ]] || { printf '#!/bin/sh\nexit 101\n' > $policy; chmod +x $policy; trap "rm -f $policy" RETURN; }
  apt-get install -y -qq --no-install-recommends "${packages[@]}" > /dev/null 2>&1 \
    || say "apt could not install ${packages[*]}: the tests that need them skip"
}

timed() {
  local what=$1 started=$EPOCHREALTIME
  shift
  "$@" >&2
  say "$what in $(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }') s"
}

restore() { need_sdk; need_libstdcxx; dotnet restore "${1:-Ranking.sln}" --locked-mode -v q; }

# Projects in the order of their graph, and a compiler that does not profile itself: half of a small build's time.
build() { DOTNET_TieredPGO=0 dotnet build "${1:-Ranking.sln}" -c Release --no-restore -graph -v q -nologo "${@:2}"; }

check_format() {
  dotnet format Ranking.sln --no-restore --verify-no-changes -v q \
    || { say "the format differs: './build.sh format' puts it right"; return 1; }
}

binary() { echo "$1/bin/Release/net10.0/$2"; }

# One test project; its last lines are its totals, a crash counts as one failure.
run_tests() {
  local name=$1 log=artifacts/tests/$1.log code=0
  "tests/$name/bin/Release/net10.0/$name" --no-ansi --progress off --timeout "$TEST_TIMEOUT" > "$log" 2>&1 || code=$?
  if ! grep -q '^  total: [1-9]' "$log"; then
    { echo "$name: no test ran to its end (exit code $code):"; tail -40 "$log"; printf '  failed: 1\n'; } | tee -a "$log"
  elif [[ $code -ne 0 ]]; then
    grep -v '^  *at Xunit\|^  *at System' "$log"
  else
    echo "$name: $(awk '/^  (succeeded|skipped|duration): / { printf "%s %s  ", $1, $2 }' "$log")"
  fi
}
export -f run_tests

test_all() {
  need_test_servers
  restore
  check_format
  build
  rm -rf artifacts/tests
  mkdir -p artifacts/tests
  # Two at a time: some wait for brokers and timers, most for the processor.
  (cd tests && printf '%s\n' *.Tests) | TEST_TIMEOUT=$1 xargs -P 2 -I{} bash -c 'run_tests {}'
  grep -h -A1 '^skipped ' artifacts/tests/*.log | grep -v '^--' || true
  # What failed once more, below all that the tests wrote.
  grep -h -A8 '^failed ' artifacts/tests/*.log | cut -c 1-400 || true
  local passed failed skipped
  read -r passed failed skipped < <(awk '/^  succeeded: [0-9]+$/ { p += $2 } /^  failed: [0-9]+$/ { f += $2 } /^  skipped: [0-9]+$/ { s += $2 }
    END { print p + 0, f + 0, s + 0 }' artifacts/tests/*.log)
  echo "$passed passed, $failed failed, $skipped skipped"
  [[ $failed -eq 0 ]]
}

# Only what the command needs, without the checks that `test` makes: a first score soon.
standalone() {
  timed restored restore src/Ranking.Cli
  timed built build src/Ranking.Cli -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -p:GenerateDocumentationFile=false \
    -p:UseSharedCompilation=false
  exec "$(binary src/Ranking.Cli ranking)" standalone "$@"
}

bench() {
  [[ $# -gt 0 ]] || { say "bench needs a name"; usage >&2; exit 2; }
  mkdir -p artifacts/bench
  restore tests/Ranking.Benchmarks >&2
  build tests/Ranking.Benchmarks >&2
  # These measure the server as its image has it: three minutes of compiling ahead, once for each change.
  case $1 in request|swap) dotnet publish src/Ranking.Server -c Release -o artifacts/server -v q -nologo >&2 ;; esac
  "$(binary tests/Ranking.Benchmarks Ranking.Benchmarks)" "$@" | tee "artifacts/bench/$1.log"
  tail -1 "artifacts/bench/$1.log" > "artifacts/bench/$1.json"
}

command=${1:-}
[[ $# -eq 0 ]] || shift
case $command in
  prepare) need_libstdcxx; need_test_servers ;;
  restore) restore ;;
  format) need_sdk; dotnet restore Ranking.sln --locked-mode -v q; dotnet format Ranking.sln --no-restore ;;
  build) restore; build ;;
  test) test_all 30m ;;
  soak) RANKING_SOAK=1 test_all 180m ;;
  standalone) standalone "$@" ;;
  bench) bench "$@" ;;
  -h|--help|help) usage ;;
  *) usage >&2; exit 2 ;;
esac
