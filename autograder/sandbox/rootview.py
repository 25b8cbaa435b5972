"""The file system that student code sees.

Theory of operation. The fork server, alone in a new mount namespace, builds a tmpfs, binds into it
the few trees that running Python needs (read-only, nosuid), masks whatever in them belongs to the
course, and pivots into it; the host's root is then detached, so no path leads back. Each kernel
makes a mount namespace of its own from that and lays a private `/tmp`, `/dev/shm` and `/proc` on
top. Nothing that a kernel writes reaches a disk, and its scratch space goes with its last process.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from . import beside, syscalls

_SYSTEM = ["/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin"]
_ETC = [
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/fonts",
    "/etc/localtime",
    "/etc/alternatives",
    "/etc/mime.types",
]
_DEVICES = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"]
_CPU = "/sys/devices/system/cpu"  # torch asks here how many cores there are
_STAGE = "/tmp"  # where the view is built; hidden by the view's own tmpfs within the namespace only
_COURSE_PACKAGES = ("autograder", "book")
HOME = "/tmp/home"
_MS_REMOUNT = 32


def python_trees() -> list[str]:
    """The directories that hold this interpreter and its packages, outermost only."""
    candidates = {
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        os.path.dirname(os.path.realpath(sys.executable)),
    }
    candidates |= {path for path in sys.path if path.endswith(("site-packages", "dist-packages"))}
    trees: list[str] = []
    for path in sorted(os.path.realpath(path) for path in candidates if path):
        if os.path.isdir(path) and not any(
            path == tree or path.startswith(tree + "/") for tree in trees
        ):
            trees.append(path)
    return trees


_PYTHON_TREES = python_trees()  # found while the host's root is still in view


def readable_trees() -> list[str]:
    """All directories of the view whose content comes from the host."""
    system = [path for path in _SYSTEM if os.path.isdir(path) and not os.path.islink(path)]
    return system + [tree for tree in python_trees() if not tree.startswith("/usr/")]


def _mask_course(root: str) -> None:
    """Cover copies of the course's packages inside the environment: an installed `book` could hold
    solutions.
    """
    for tree in python_trees():
        for packages in _site_packages(root + tree):
            for name in _COURSE_PACKAGES:
                if os.path.isdir(f"{packages}/{name}"):
                    syscalls.mount(
                        "tmpfs", f"{packages}/{name}", "tmpfs", syscalls.MS_RDONLY, "size=4k"
                    )


def _site_packages(tree: str) -> Iterator[str]:
    """Every folder of that name below `tree`, one within another, too; links are not followed.
    pathlib takes three times as long to look through an environment, which every start waits for.
    """
    waiting = [tree]
    while waiting:
        # what this user cannot read, student code cannot either
        with contextlib.suppress(PermissionError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                    if entry.name == "site-packages":
                        yield entry.path


def _write_files(root: str, files: dict[str, bytes]) -> None:
    defaults = {
        "/etc/passwd": (
            b"root:x:0:0::/:/bin/false\nstudent:x:65534:65534:student:/tmp/home:/bin/false\n"
        ),
        "/etc/group": b"root:x:0:\nstudent:x:65534:\n",
        "/etc/nsswitch.conf": b"passwd: files\ngroup: files\nhosts: files\n",
        "/etc/hosts": b"127.0.0.1 localhost\n",
        "/etc/hostname": b"kernel\n",
    }
    for name, content in (defaults | files).items():
        target = Path(root + name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def build_and_enter(files: dict[str, bytes], folder: str = "") -> None:
    """Build the view, with `files` (path: content) and those beside the notebooks in `folder`, and
    make it this process's root. For the fork server, in its own mount and PID namespaces. Raises
    `OSError`.
    """
    syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_PRIVATE)
    root = _STAGE
    trees, loose = (
        readable_trees(),
        [path for path in [*_ETC, *_DEVICES, _CPU] if os.path.exists(path)],
    )
    # Trees below the staging directory would vanish under the tmpfs that is mounted on it: bind
    # from a kept descriptor.
    here = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in [*trees, *loose]}
    given = f"/proc/self/fd/{os.open(folder, os.O_PATH | os.O_CLOEXEC)}" if folder else ""
    room = 16 + (beside.size(given) >> 20)
    syscalls.mount(
        "tmpfs", root, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, f"mode=755,size={room}m"
    )
    for path, fd in here.items():
        _bind_from(fd, path, root)
        os.close(fd)
    for path in _SYSTEM:
        if os.path.islink(path):
            os.symlink(os.readlink(path), root + path)
    for directory in ("/tmp", "/dev/shm", "/proc", "/old", "/etc"):
        os.makedirs(root + directory, exist_ok=True)
    for name, target in (
        ("fd", "/proc/self/fd"),
        ("stdin", "fd/0"),
        ("stdout", "fd/1"),
        ("stderr", "fd/2"),
    ):
        os.symlink(target, f"{root}/dev/{name}")
    _write_files(root, files)
    if given:
        beside.copy(given, root + beside.PLACE)
    _mask_course(root)
    syscalls.mount(
        "proc", root + "/proc", "proc", syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC
    )
    _private(root + "/tmp", 64, root)
    syscalls.pivot_root(root, root + "/old")
    os.chdir("/")
    syscalls.umount_detached("/old")
    os.rmdir("/old")
    syscalls.mount(
        "none",
        "/",
        flags=syscalls.MS_BIND
        | _MS_REMOUNT
        | syscalls.MS_RDONLY
        | syscalls.MS_NOSUID
        | syscalls.MS_NODEV,
    )


def _bind_from(fd: int, path: str, root: str) -> None:
    target = root + path
    if os.path.isdir(f"/proc/self/fd/{fd}"):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    syscalls.mount(f"/proc/self/fd/{fd}", target, flags=syscalls.MS_BIND | syscalls.MS_REC)
    if not path.startswith("/dev/"):
        syscalls.make_readonly(target)


def _private(target: str, mib: int, root: str = "") -> None:
    """Lay an empty tmpfs over `target`; an interpreter that is installed below it stays in view,
    read-only.
    """
    kept = {
        tree: os.open(root + tree, os.O_PATH | os.O_CLOEXEC)
        for tree in _trees_below(target.removeprefix(root))
    }
    flags = syscalls.MS_NOSUID | syscalls.MS_NODEV
    syscalls.mount("tmpfs", target, "tmpfs", flags, f"mode=1777,size={mib}m,nr_inodes={mib * 64}")
    for tree, fd in kept.items():
        _bind_from(fd, tree, root)
        os.close(fd)


def _trees_below(folder: str) -> list[str]:
    return [tree for tree in _PYTHON_TREES if tree.startswith(folder + "/")]


def lay_private_mounts(scratch_mib: int, own_proc: bool) -> None:
    """In a kernel's own mount namespace: fresh `/tmp`, `/dev/shm` and, if it has a PID namespace,
    `/proc`.
    """
    _private("/tmp", scratch_mib)
    _private("/dev/shm", scratch_mib)
    if own_proc:
        syscalls.mount(
            "proc", "/proc", "proc", syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC
        )


def landlock_rules() -> tuple[list[str], list[str], list[str]]:
    """Readable trees, writable trees and devices of a kernel, for `landlock.restrict`."""
    return (
        [*readable_trees(), beside.PLACE, "/etc", "/proc", "/sys"],
        ["/tmp", "/dev/shm"],
        _DEVICES,
    )
