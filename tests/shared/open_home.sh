# The toolchain of this machine may lie in a home folder that is closed to others: the parts of it that
# ordinary users need are shown to them again, at the same place. To be sourced by root in a mount
# namespace of its own.
#
#   open_home <folder in which the home itself is kept> <part>...
open_home() {
    local homes=$1 hold part
    shift
    [ $# -gt 0 ] || return 0
    hold=$(mktemp -d "$homes/hold.XXXXXX")
    mount --bind "$HOME" "$hold"
    mount -t tmpfs -o mode=755 tmpfs "$HOME"
    for part in "$@"; do
        mkdir -p "$part"
        mount --bind "$hold/${part#"$HOME"/}" "$part"
    done
}
