#!/usr/bin/env bash
# A class with accounts of its own, which nobody outside sees: `test_classroom.py` runs this as root in a
# mount namespace of its own.
#
#   enter.sh <course> <lab> <homes> <programs> <their Python packages> <learners> <cells> <parts of a closed home>...
set -euo pipefail

course=$1 lab=$2 homes=$3 programs=$4 site=$5 learners=$6 cells=$7
shift 7

cp /etc/passwd "$homes/passwd"
cp /etc/group "$homes/group"
for number in $(seq "$learners"); do
    user=learner$number id=$((54100 + number))
    echo "$user:x:$id:$id::$homes/$user:/bin/bash" >> "$homes/passwd"
    echo "$user:x:$id:" >> "$homes/group"
    mkdir -m 700 "$homes/$user"
    chown "$id:$id" "$homes/$user"
done
mount --bind "$homes/passwd" /etc/passwd
mount --bind "$homes/group" /etc/group

source "$course/tests/shared/open_home.sh"
open_home "$homes" "$@"

export LATENT_COURSE=$course LATENT_LAB=$lab LATENT_HUB_FILES=$programs/venv/share/jupyterhub
export PYTHONPATH=$site PATH=$programs/node_modules/.bin:$PATH
exec "$lab/venv/bin/python" "$course/tests/classroom/hub.py" "$homes" "$learners" "$cells"
