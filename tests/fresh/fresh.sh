#!/usr/bin/env bash
# The course on a computer that has nothing but what README asks for: a minimal Debian, an ordinary
# user without root rights, and a folder with a space in the user's home. `cargo xtask fresh` runs it.
#
#   fresh.sh <course> "<README's packages>" [--image] [--evcxr <file>] [--keep]
#
# With --image it carries out the steps of .devcontainer/Dockerfile instead, without Docker (image.py).
#
# What it takes from this machine is what belongs to no Debian: Rust's toolchain, as rustup leaves
# it, and the way to the network (the mirror, certificates, the settings of Cargo and pip).
set -euo pipefail

course=$1
packages=$2
shift 2
evcxr=
image=
keep=
while [ $# -gt 0 ]; do
    case $1 in
        --evcxr) evcxr=$2; shift 2 ;;
        --image) image=1; shift ;;
        --keep) keep=1; shift ;;
        *) echo "cargo xtask fresh has no option $1; it has --image, --evcxr <file> and --keep" >&2; exit 2 ;;
    esac
done

[ "$(id -u)" = 0 ] || { echo "cargo xtask fresh needs root: it makes a Debian in a folder and enters it" >&2; exit 2; }
command -v debootstrap > /dev/null || { echo "cargo xtask fresh needs debootstrap: apt install debootstrap" >&2; exit 2; }

release=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
mirror=$(apt-get indextargets --format '$(SITE) $(CODENAME) $(COMPONENT) $(CREATED_BY)' \
    | awk -v r="$release" '$2 == r && $3 == "main" && $4 == "Packages" { print $1; exit }')
[ -n "$mirror" ] || { echo "no mirror of $release's main component in this machine's apt sources" >&2; exit 2; }

root=$(mktemp -d "${TMPDIR:-/tmp}/latent-fresh.XXXXXX")
chmod 755 "$root"
user=learner
home=/home/$user
lab=${LATENT_LAB:-$course/.lab}
times=$lab/fresh${image:+-image}-times.md
mkdir -p "$lab"

clean_up() {
    local status=$?
    for folder in dev/pts dev/shm dev proc; do
        ! mountpoint -q "$root/$folder" || umount "$root/$folder" || umount -l "$root/$folder"
    done
    if [ -n "$keep" ]; then
        echo "kept: $root"
    elif ! grep -q " $root/" /proc/mounts; then
        rm -rf --one-file-system "$root"
    fi
    [ $status = 0 ] && echo "passed" || echo "FAILED"
}
trap clean_up EXIT

printf '| step | seconds |\n| --- | --- |\n' > "$times"
# timed <what> <command…>
timed() {
    local what=$1 start=$SECONDS status=0
    shift
    echo "── $what"
    "$@" || status=$?
    local took=$((SECONDS - start))
    echo "── $what: $took s, status $status"
    echo "| $what | $took |" >> "$times"
    return $status
}

inside() {
    chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"
}

# A command line of the user, in a login that knows nothing of this machine.
learner() {
    chroot --userspec=$user:$user --groups=$user "$root" env -i HOME=$home USER=$user LANG=C.UTF-8 TERM=dumb \
        PATH=$home/.cargo/bin:/usr/local/bin:/usr/bin:/bin bash -euo pipefail -c "$1"
}

way_to_the_network() {
    mkdir -p "$root/etc/ssl/certs" "$root/etc/apt/apt.conf.d"
    for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt /etc/pip.conf; do
        [ ! -e $file ] || cp -L $file "$root$file"
    done
    cp /etc/apt/apt.conf.d/99* "$root/etc/apt/apt.conf.d/" 2> /dev/null || true
}

install_packages() {
    inside apt-get update -qq
    # shellcheck disable=SC2086
    inside apt-get install -qq --yes $packages > "$root/apt.log" 2>&1 || { tail -20 "$root/apt.log"; return 1; }
    way_to_the_network
}

# Rust as rustup leaves it, in the two folders named (as they are called inside).
copy_rust() {
    local rustup_home=$1 own=$2 sysroot cargo_home rustup
    sysroot=$(rustc --print sysroot)
    cargo_home=${CARGO_HOME:-$HOME/.cargo}
    mkdir -p "$root$rustup_home/toolchains" "$root$own/bin"
    cp "${RUSTUP_HOME:-$HOME/.rustup}/settings.toml" "$root$rustup_home/"
    tar -C "$(dirname "$sysroot")" --exclude='share/doc' -cf - "$(basename "$sysroot")" \
        | tar -C "$root$rustup_home/toolchains" -xf -
    rustup=$(command -v rustup)
    for name in cargo rustc rustdoc rustfmt cargo-fmt rustup; do
        cp -L "$rustup" "$root$own/bin/$name"
    done
    for file in config config.toml; do
        [ ! -e "$cargo_home/$file" ] || cp "$cargo_home/$file" "$root$own/"
    done
    if [ -n "$evcxr" ]; then
        cp "$evcxr" "$root$own/bin/"
    fi
}

rust_of_the_user() {
    copy_rust $home/.rustup $home/.cargo
    inside chown -R $user:$user $home
}

# The steps of the Dockerfile in a system like the official image of Rust, then a lesson.
whole_image() {
    # The official image has certificates, and a RUN that installed them would write over this machine's.
    inside apt-get update -qq
    inside apt-get install -qq --yes ca-certificates > /dev/null 2>&1
    way_to_the_network
    copy_rust /usr/local/rustup /usr/local/cargo
    chmod -R a+w "$root/usr/local/rustup" "$root/usr/local/cargo"
    timed "the steps of the Dockerfile" python3 "$course/tests/fresh/image.py" \
        "$course/.devcontainer/Dockerfile" "$root" "$root/course.bundle" ${evcxr:+"cargo install"}
    in_image='export PATH=/srv/latent/.lab/venv/bin:/usr/local/cargo/bin:$PATH CARGO_HOME=/usr/local/cargo \
        RUSTUP_HOME=/usr/local/rustup; cd /srv/latent/notebooks'
    timed "lesson 00, executed" learner "$in_image && jupyter nbconvert --log-level=WARN --to notebook --execute \
        --output-dir /tmp/pages --ExecutePreprocessor.startup_timeout=300 00-start-here.ipynb"
    figures=$(grep -c '"application/vnd.plotly.v1+json"\|"image/png"' "$root/tmp/pages/00-start-here.ipynb" || true)
    [ "$figures" -ge 2 ] || { echo "too few figures" >&2; exit 1; }
    echo "| disk space of the image, in MB | $(du -smx "$root" | cut -f1) |" >> "$times"
    cat "$times"
}

timed "a minimal Debian ($release)" debootstrap --variant=minbase --components=main "$release" "$root" "$mirror" > "$root.log" 2>&1 \
    || { tail -20 "$root.log"; exit 1; }
rm -f "$root.log"
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t devpts devpts "$root/dev/pts" -o newinstance,ptmxmode=0666,mode=620 2> /dev/null || mount --bind /dev/pts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
way_to_the_network
echo "deb $mirror $release main" > "$root/etc/apt/sources.list"
git -C "$course" bundle create -q "$root/course.bundle" HEAD
chmod 644 "$root/course.bundle"
if [ -n "$image" ]; then
    whole_image
    exit
fi
inside useradd --create-home --shell /bin/bash $user
# `cc` is what a newcomer misses first: then Cargo stops before any program of the course runs.
timed "Rust's toolchain, copied" rust_of_the_user
timed "README's packages: $packages" install_packages
timed "git clone" learner 'mkdir -p ~/"My Course" && cd ~/"My Course" && git clone -q -c advice.detachedHead=false /course.bundle latent'
touch "$root/before"

in_course='cd ~/"My Course/latent"'
timed "./postBuild (cargo xtask lab --no-open), from nothing" learner "$in_course && ./postBuild"
timed "cargo xtask lab --no-open, again" learner "$in_course && cargo xtask lab --no-open"
timed "cargo xtask lab --check" learner "$in_course && cargo xtask lab --check"
for lesson in 00-start-here 02-pca; do
    timed "lesson $lesson, executed with nbconvert" learner "$in_course && mkdir -p ~/pages && \
        .lab/venv/bin/jupyter nbconvert --log-level=WARN --to notebook --execute --output-dir ~/pages \
        --ExecutePreprocessor.startup_timeout=300 --ExecutePreprocessor.timeout=600 notebooks/$lesson.ipynb"
    figures=$(grep -c '"application/vnd.plotly.v1+json"\|"image/png"' "$root$home/pages/$lesson.ipynb" || true)
    echo "lesson $lesson shows $figures figures"
    [ "$figures" -ge 2 ] || { echo "too few figures in $lesson" >&2; exit 1; }
done
timed "cargo xtask test --quick" learner "$in_course && cargo xtask test --quick"

echo "── what was written outside of the course's folder"
(cd "$root" && find home tmp var/tmp -newer before -type f -not -path 'home/*/My Course/*' \
    -not -path 'home/*/pages/*' | sed -E 's#^((home/[^/]+/|tmp/pytest-of-)[^/]+).*#\1#' | sort | uniq -c) | tee "$root/outside"
if grep -v -E ' home/learner/\.(cargo|rustup|cache|jupyter)$| tmp/pytest-of-' "$root/outside"; then
    echo "the lines above are not stated in docs/set-up.md" >&2
    exit 1
fi
disk=$(du -sm "$root$home/My Course/latent/.lab" | cut -f1)
echo "| disk space of .lab, in MB | $disk |" >> "$times"
cat "$times"
