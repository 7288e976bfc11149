# Runs one throw-away PostgreSQL cluster for as long as standard input stays open.
# Arguments: the folder of the PostgreSQL programs, the loopback port, where to make the directory, and `-c` settings.
# Orders, one a line: stop, start. When the process that started this ends, however it ends, standard input closes;
# the cluster is then stopped and its directory removed. Signals to the terminal's group must not come before that.
set -u
trap '' INT TERM HUP PIPE
programs=$1 port=$2 parent=$3
shift 3

directory=$(mktemp -d "$parent/entente-pg-XXXXXX") || exit 1
log="$directory/log"
pid=

start() {
    "$programs/postgres" -D "$directory/data" -k "$directory" -h 127.0.0.1 -p "$port" "$@" </dev/null >>"$log" 2>&1 &
    pid=$!
    tries=0
    until "$programs/pg_isready" -q -h "$directory" -p "$port"; do
        kill -0 "$pid" 2>/dev/null || return 1
        tries=$((tries + 1))
        [ "$tries" -lt 1200 ] || return 1
        sleep 0.05
    done
}

# SIGQUIT is PostgreSQL's immediate shutdown: no checkpoint, as after a power cut with the disk intact.
stop() {
    [ -n "$pid" ] || return 0
    kill -QUIT "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    pid=
}

answer() {
    if "$@"; then echo ok; else echo "failed: $(tail -n 8 "$log" | tr '\n' ' ')"; fi
}

prepare() {
    "$programs/initdb" -D "$directory/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$log" 2>&1 && start "$@"
}

answer prepare "$@"
while read -r order; do
    case $order in
        stop) answer stop ;;
        start) answer start "$@" ;;
    esac
done
stop
rm -rf "$directory"
