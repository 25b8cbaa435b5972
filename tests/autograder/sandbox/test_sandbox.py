"""The sandbox: each layer holds, and each is needed (switched off, a named case gets through)."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.kernels.client import KernelClient
from autograder.kernels.handle import ForkServer, WarmKernel
from autograder.kernels.outputs import CellResult
from autograder.sandbox import LAYERS, LayerReport, Limits, SandboxError, demand
from tests.engine import processes
from tests.engine.cells import run_cells, text

ROOT = Path(__file__).resolve().parents[3]
DENIED = ("PermissionError", "FileNotFoundError", "OSError", "NotADirectoryError")


@pytest.fixture(scope="module")
def host_secret() -> Iterator[Path]:
    """A file of the host's /tmp, readable by all, as a gradebook could be."""
    path = Path("/tmp/host-secret-for-test")
    path.write_text("42")
    yield path
    path.unlink()


@pytest.fixture(scope="module")
def host_socket() -> Iterator[str]:
    """An abstract socket of the host's that answers."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("\0course-host-socket")
        listener.listen()
        yield "course-host-socket"


# Each layer's own cases: what code tries, and what it prints only when it gets through.
ATTEMPTS = {
    "mount": "print('GOT', open('/tmp/host-secret-for-test').read())",
    "pid": (
        "import os; n = sum(name.isdigit() for name in os.listdir('/proc')); print('GOT' if n > 2"
        " else 'alone')"
    ),
    "net": (
        "import socket; s = socket.socket(socket.AF_UNIX); s.settimeout(2)\n"
        "s.connect('\\0course-host-socket'); print('GOT')"
    ),
    "ipc": "import os; print('GOT' if os.readlink('/proc/self/ns/ipc') == HOST else 'own')",
    "ids": "import os; print('GOT' if os.geteuid() == 0 else 'nobody')",
    "rlimits": "import os; open('/tmp/big', 'wb').write(b'1' * 70_000_000); print('GOT')",
    "seccomp": (
        "import os, ctypes; pid = os.fork()\n"
        "if pid == 0: os._exit(ctypes.CDLL(None).unshare(0x10000000) == 0)\n"
        "print('GOT' if os.waitpid(pid, 0)[1] else 'refused')"
    ),
    # First in line when memory is short, so that running out of it looks like the machine's affair
    # and scores no 0.
    "landlock": (
        "import subprocess, sys\n"
        "code = \"open('/proc/self/oom_score_adj', 'w').write('1000'); print('GOT')\"\n"
        "print(subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout)"
    ),
    "watchdog": "import time; time.sleep(5); print('GOT')",
}
LIMITS = {"watchdog": {"wall_s": 1.0}}


@pytest.mark.parametrize("layer", list(ATTEMPTS))
def test_attempt_fails_with_all_layers(
    layer: str, confined: ForkServer, host_secret: Path, host_socket: str
) -> None:
    (result,) = _attempt(confined, layer)
    assert "GOT" not in text(result)


def _attempt(server: ForkServer, layer: str) -> list[CellResult]:
    host = f"HOST = {os.readlink('/proc/self/ns/ipc')!r}\n"
    return run_cells(server, host + ATTEMPTS[layer], **LIMITS.get(layer, {}))


# A layer switched off, with those that would stop the same attempt a second time.
ALSO_OFF = {"net": ["landlock"], "mount": ["landlock", "pid", "ids"]}


@pytest.mark.parametrize("layer", list(ATTEMPTS))
def test_attempt_succeeds_without_its_layer(
    layer: str, layers: LayerReport, host_secret: Path, host_socket: str
) -> None:
    """Shows that the attempts above can tell: a check that nothing can fail proves nothing."""
    if layer == "ids" and os.geteuid() != 0:
        pytest.skip("a plain user is nobody else without this layer, too")
    weakened = layers.without([layer, *ALSO_OFF.get(layer, [])])
    with ForkServer(weakened.active, weakened.privileged) as server:
        (result,) = _attempt(server, layer)
    assert "GOT" in text(result)


SIBLING = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
class Piece(ctypes.Structure):
    _fields_ = [("start", ctypes.c_void_p), ("length", ctypes.c_size_t)]
buffer = ctypes.create_string_buffer(len(MARK))
mine, theirs = Piece(ctypes.addressof(buffer), len(MARK)), Piece(PLACE, len(MARK))
for pid in [PID]:  # that one alone: without the layers, every process of the machine would be in reach
    if libc.process_vm_readv(pid, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) > 0: print("GOT", buffer.raw)
    if libc.ptrace(0x4206, pid, 0, 0) == 0: print("GOT ptrace")  # PTRACE_SEIZE, which stops nobody
    try:
        with open(f"/proc/{pid}/mem", "rb", 0) as memory:
            memory.seek(PLACE); print("GOT", memory.read(len(MARK)))
    except OSError: pass
"""


def _read_a_sibling(server: ForkServer) -> str:
    """What one kernel gets of another's memory: of a sibling that lives, by all its process ids."""
    sibling = WarmKernel(server.address, limits=Limits().as_dict())
    client = KernelClient(sibling)
    try:
        client.wait_ready()
        told = client.execute(
            "import ctypes, os\nanswer = ctypes.create_string_buffer(b'the answer of a sibling')\n"
            "print(ctypes.addressof(answer), os.getpid())", 10,
        )  # fmt: skip
        place, pid = map(int, text(told).split())
        sibling.poll()
        known = (
            f"MARK, PLACE, PID = b'the answer of a sibling', {place},"
            f" {pid if pid > 1 else sibling.pid}"
        )
        return text(run_cells(server, known + SIBLING)[0])
    finally:
        client.close()
        sibling.kill()


def test_memory_of_a_sibling_is_out_of_reach(confined: ForkServer) -> None:
    assert _read_a_sibling(confined) == ""


def test_memory_of_a_sibling_is_within_reach_without_the_layers(unconfined: ForkServer) -> None:
    """Shows that the attempt above can tell."""
    assert "the answer of a sibling" in _read_a_sibling(unconfined)


@pytest.mark.parametrize(
    "path",
    [str(ROOT / "book"), str(ROOT), "/root", "/home", "/var", "/proc/1/root/etc/shadow", "/sys/fs"],
)
def test_course_and_host_are_out_of_sight(path: str, confined: ForkServer) -> None:
    (result,) = run_cells(confined, f"import os; os.listdir({path!r})")
    assert result.status == "error" or text(result) in ("[]", "['.venv']", "['.pyenv']")


def test_no_socket_but_local_ones(confined: ForkServer) -> None:
    code = (
        "import socket\nfor family in (2, 10, 16, 17, 40):\n"
        "    try: socket.socket(family, 1); print('GOT', family)\n    except OSError: pass"
    )
    assert text(run_cells(confined, code)[0]) == ""


def test_nothing_outside_scratch_is_writable(confined: ForkServer) -> None:
    code = (
        "import os, sys\nfor path in ('/', '/etc', '/usr', '/dev', '/proc/sys/kernel',"
        " sys.prefix):\n    try: open(os.path.join(path, 'x'), 'w'); print('GOT', path)\n    except"
        " OSError: pass\nopen('/tmp/x', 'w').write('1'); open('/dev/shm/x', 'w').write('1');"
        " print('own scratch')"
    )
    assert text(run_cells(confined, code)[0]) == "own scratch\n"


def test_next_kernel_finds_nothing_of_the_last(confined: ForkServer) -> None:
    run_cells(
        confined, "open('/tmp/answer', 'w').write('1'); open('/dev/shm/answer', 'w').write('1')"
    )
    (result,) = run_cells(
        confined,
        "import os; print([os.path.exists(p) for p in ('/tmp/answer', '/dev/shm/answer')])",
    )
    assert text(result) == "[False, False]\n"


def test_memory_bomb_ends_in_an_error_or_a_kill(confined: ForkServer) -> None:
    result, *_ = run_cells(
        confined, "x = []\nwhile True: x.append(bytearray(1 << 24))", memory_mib=256
    )
    assert result.status in ("died", "error")


def test_memory_of_children_counts_together(confined: ForkServer) -> None:
    code = (
        "import os, time\nfor _ in range(4):\n"
        "    if os.fork() == 0: x = b'1' * (100 << 20); time.sleep(30)\ntime.sleep(30)"
    )
    (result,) = run_cells(confined, code, memory_mib=256, timeout_s=20)
    assert result.status == "died"


SOCKETS = """
import os, socket, time
for _ in range({}):
    if os.fork() == 0:
        for pair in [socket.socketpair() for _ in range(40)]:
            for end in pair:
                end.setblocking(False)
                try:
                    while True: end.send(bytes(65536))
                except OSError: pass
            kept = globals().setdefault("kept", []); kept.append(pair)
        time.sleep(60)
time.sleep({})
print("through")
"""


@pytest.mark.parametrize(("children", "status"), [(4, "ok"), (16, "died")])
def test_sockets_of_children_count_together(
    children: int, status: str, confined: ForkServer
) -> None:
    """Their buffers are Linux's memory, which no limit of a process counts: 16 times 40 pairs hold
    270 MB.
    """
    (result,) = run_cells(
        confined, SOCKETS.format(children, 3 if status == "ok" else 50), timeout_s=40
    )
    assert result.status == status
    assert processes.kernels(confined) == []


def test_fork_bomb_is_bounded_and_leaves_nothing(confined: ForkServer) -> None:
    code = (
        "import os\ntry:\n    while True:\n"
        "        if os.fork() == 0: import time; time.sleep(60)\nexcept OSError: print('bounded')"
    )
    (result,) = run_cells(confined, code, processes=40)
    assert text(result) == "bounded\n"
    assert processes.kernels(confined) == []


def test_stop_and_kill_from_inside_reach_nobody(confined: ForkServer) -> None:
    code = (
        "import os, signal\nfor pid, signum in ((os.getpid(), signal.SIGSTOP), (0, 9), (-1, 9)):\n"
        "    try: os.kill(pid, signum)\n    except ProcessLookupError: pass\nprint('still here')"
    )
    assert text(run_cells(confined, code)[0]) == "still here\n"


def test_wall_time_ends_a_kernel_whose_client_waits_for_ever(confined: ForkServer) -> None:
    (result,) = run_cells(confined, "import time; time.sleep(60)", wall_s=2.0, timeout_s=30)
    assert result.status == "died"


def test_refusal_names_layer_reason_and_way_out() -> None:
    report = LayerReport({"net": "Operation not permitted"}, True)
    with pytest.raises(
        SandboxError, match=r"lacks net \(Operation not permitted\).*--accept-missing net"
    ):
        demand(report)
    demand(report, ["net"])


def test_unknown_layer_is_refused() -> None:
    with pytest.raises(SandboxError, match="Unknown layer nte: there are mount"):
        demand(LayerReport({}, True), ["nte"])


def test_every_layer_says_what_it_promises() -> None:
    assert all(len(layer.promise) > 20 for layer in LAYERS.values())


@pytest.mark.skipif(
    os.geteuid() != 0, reason="as a plain user every other test of this file shows it"
)
def test_layers_hold_without_privilege(layers: LayerReport, host_secret: Path) -> None:
    """The way of a plain user: everything inside a user namespace."""
    with ForkServer(layers.active, privileged=False) as server:
        who, process, secret = run_cells(
            server,
            "import os; print(os.geteuid(),"
            " open('/proc/self/status').read().split('CapEff:')[1].split()[0])",
            "import os; print(sum(name.isdigit() for name in os.listdir('/proc')))",
            "open('/tmp/host-secret-for-test')",
        )
    assert text(who) == "65534 0000000000000000\n"
    assert text(process) == "1\n"
    assert secret.status == "error"
