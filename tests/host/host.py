"""What the tests of the Python host share: the other end of its socket, driven line by line."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import unittest

HOST = pathlib.Path(__file__).resolve().parents[2] / "share" / "malet" / "malet_host.py"
PATIENCE = 10  # seconds; only a broken host lets them pass
signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # hosts inherit this from their rank


class Rank:
    """The rank's end: one host, and the lines to and from it."""

    def __init__(self, folder, target):
        ours, theirs = socket.socketpair()
        ours.settimeout(PATIENCE)
        self.output = open(os.path.join(folder, "output"), "w+")
        self.socket = ours
        self.lines = ours.makefile("r", encoding="utf-8", newline="\n")
        self.greeting = {"protocol": 1}
        inherited = {name: value for name, value in os.environ.items()
                     if name != "PYTHONUNBUFFERED"}
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, str(HOST), target], pass_fds=[theirs.fileno()], cwd=folder,
                env={**inherited, "MALET_FD": str(theirs.fileno())},
                stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output,
                start_new_session=True)

    def close(self):
        self.lines.close()
        self.socket.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.output.close()

    def send(self, message):
        self.send_bytes(json.dumps({**message, **self.greeting}).encode() + b"\n")
        self.greeting = {}

    def send_bytes(self, data):
        self.socket.sendall(data)

    def receive(self):
        line = self.lines.readline()
        return json.loads(line) if line else None

    def start(self, config=None, grid_fields=(), **keys):
        about = {"name": "exp", "folder": "/tmp/exp", **keys.pop("experiment", {})}
        self.send({"type": "run", "config": config or {}, "grid_fields": list(grid_fields),
                   "run_id": "00ff", "attempt": 1, "dir": "runs/00/00ff", "experiment": about,
                   **keys})

    def answers(self):
        """What the host says up to the end of the run, without its cpu."""
        found = []
        while not found or found[-1]["type"] == "report":
            message = self.receive()
            if message is None:
                raise AssertionError("the host is gone: " + self.text())
            message.pop("cpu", None)
            found.append(message)
        return found

    def run(self, *args, **keys):
        self.start(*args, **keys)
        return self.answers()

    def leave(self):
        """The exit code of a host that ends by itself."""
        return self.process.wait(PATIENCE)

    def text(self):
        self.output.flush()
        with open(self.output.name) as output:
            return output.read()


class HostTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="malet-host-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, source, name="train.py"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source))
        return path

    def start(self, target="train.py:train"):
        rank = Rank(str(self.folder), target)
        self.addCleanup(rank.close)
        return rank

    def host(self, source):
        """A host of that file's `train`, with its first line read."""
        self.write(source)
        rank = self.start()
        self.assertEqual(rank.receive(), {"type": "ready", "protocol": 1})
        return rank

    def assert_done(self, answers, metrics):
        self.assertEqual(answers[-1], {"type": "done", "metrics": metrics})

    def assert_failed(self, answers, *words):
        self.assertEqual(answers[-1]["type"], "failed", answers)
        for word in words:
            self.assertIn(word, answers[-1]["error"])

    def result(self, source, *args, **keys):
        """What the only run of a function returns."""
        answers = self.host(source).run(*args, **keys)
        self.assertEqual(answers[-1]["type"], "done", answers[-1])
        return answers[-1]["metrics"]
