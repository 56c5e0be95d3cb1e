"""What the tests of supervised runs share: ways to start a sweep, and looking for what is left."""
import json
import os
import pathlib
import uuid

from harness import BUILD, MALET, FolderTest, ranks

HERE = pathlib.Path(__file__).resolve().parent
FAULTS = str(BUILD / "libmalet_faults.so")
LOOK = str(HERE / "look.py")
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else "python3"
WAYS = ("alone", "ranks")
KEYS = {"run_id", "attempt", "config", "node", "rank", "slot", "gpus", "pid", "started", "finished",
        "reason", "exit_code", "signal", "peak_memory", "cpu_seconds", "stderr"}
MARK = "MALET_E2E_MARK"


def read_file(path):
    """Of a process that may have ended meanwhile."""
    try:
        return pathlib.Path(path).read_bytes()
    except OSError:
        return b""


def pids():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def is_alive(pid):
    """Zombies are not."""
    stat = read_file(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    return bool(stat) and stat[0] not in (b"Z", b"X")


def parent(pid):
    stat = read_file(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    return int(stat[1]) if stat else 0


class HostTest(FolderTest):
    """Everything that a test starts carries its mark, so that what is left behind can be told."""

    def setUp(self):
        super().setUp()
        self.mark = uuid.uuid4().hex
        self.tmp = self.folder / "tmp"
        self.tmp.mkdir()
        self.environment.update({MARK: self.mark, "TMPDIR": str(self.tmp)})
        for name in ("CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS"):
            self.environment.pop(name, None)

    def command(self, exp, *arguments, way="alone"):
        """The command line of a sweep: -j 2, or on 3 ranks."""
        base = [MALET, "run", exp]
        if way == "ranks":
            return [*ranks(3, *base), *arguments]
        return [*base, *([] if "-j" in arguments else ["-j", 2]), *arguments]

    def sweep(self, exp, *arguments, way="alone", **keywords):
        return self.call(*self.command(exp, *arguments, way=way), **keywords)

    def faults(self, exp, *arguments, function="fault", **keywords):
        return self.sweep(exp, "--plugin", FAULTS, "--function", function, *arguments, **keywords)

    def attempts(self, exp):
        path = exp / "log.tsv.attempts.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def by_field(self, exp, field):
        """Value of the field -> its last attempt."""
        return {attempt["config"][field]: attempt for attempt in self.attempts(exp)}

    def statuses(self, exp, field):
        return {row[field]: row["status"] for row in self.rows(exp)}

    def marked(self):
        """Living processes that this test has started, down to the last daemon."""
        wanted = f"{MARK}={self.mark}".encode()
        return [pid for pid in pids()
                if wanted in read_file(f"/proc/{pid}/environ").split(b"\0") and is_alive(pid)]

    def hosts(self):
        """Those that carry the mark of a slot: hosts, commands and what they have started."""
        return [pid for pid in self.marked()
                if b"\0MALET_SLOT=" in b"\0" + read_file(f"/proc/{pid}/environ")]

    def scratch(self):
        return [path.name for path in self.tmp.glob("malet-*")]

    def assert_nothing_left(self, seconds=8):
        def gone():
            return not self.marked() and not self.scratch()
        try:
            self.wait_for(gone, seconds)
        except AssertionError:
            left = {pid: read_file(f"/proc/{pid}/cmdline").replace(b"\0", b" ")[-200:]
                    for pid in self.marked()}
            self.fail(f"left behind: {left}, {self.scratch()}")
