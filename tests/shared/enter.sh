#!/usr/bin/env bash
# Two ordinary users in one course that neither may write to. `test_shared.py` runs it as root, in a
# mount namespace of its own (`unshare --mount`), so that nothing of this is seen elsewhere.
#
#   enter.sh <course> <lab> <folder for the users' homes> <what they need of a closed home>...
#
# Each user runs `learner.py`, at the same time. What it prints goes to <homes>/<user>.txt.
set -euo pipefail

course=$1
lab=$2
homes=$3
shift 3

source "$course/tests/shared/open_home.sh"
open_home "$homes" "$@"

users=(54001 54002)
jobs=()
for user in "${users[@]}"; do
    mkdir -m 700 "$homes/$user"
    chown "$user:$user" "$homes/$user"
    setpriv --reuid "$user" --regid "$user" --clear-groups \
        env -i HOME="$homes/$user" USER="u$user" LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin \
        bash -c 'cd && exec "$@"' - "$lab/venv/bin/python" "$course/tests/shared/learner.py" "$lab" \
        > "$homes/$user.txt" 2>&1 &
    jobs+=($!)
done
status=0
for job in "${jobs[@]}"; do
    wait "$job" || status=1
done
exit $status
