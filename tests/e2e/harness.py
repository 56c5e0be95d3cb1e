"""What the end-to-end tests share: a folder of their own, and the installed commands.

The environment says where things are: MALET_BUILD (the build folder).
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

BUILD = pathlib.Path(os.environ["MALET_BUILD"])
MALET = str(BUILD / "malet-mpi")
PROBE = str(BUILD / "libmalet_probe.so")
RUN_ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")


def ranks(count, *command):
    return ["mpirun", "-q", "--oversubscribe", "-n", str(count), *command]


class FolderTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="malet-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = dict(RUN_ENVIRONMENT)

    def experiment(self, text, name="exp"):
        path = self.folder / name
        path.mkdir(exist_ok=True)
        (path / "exp_config.yaml").write_text(text)
        return path

    def call(self, *command, timeout=120):
        return subprocess.run([str(part) for part in command], env=self.environment, text=True,
                              capture_output=True, timeout=timeout, stdin=subprocess.DEVNULL)

    def start(self, *command, **variables):
        environment = dict(self.environment, **variables)
        return subprocess.Popen([str(part) for part in command], env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                stdin=subprocess.DEVNULL, start_new_session=True)

    def held(self, first):
        """Fields of a config: the probe's runs from that seed on wait until `release()`."""
        (self.folder / "hold").touch()
        return f"hold: {self.folder / 'hold'}\nhold_from: {first}\n"

    def release(self):
        (self.folder / "hold").unlink()

    def wait_for(self, condition, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.01)
        self.fail("waited in vain")

    def malet(self, *arguments, **keywords):
        return self.call(MALET, *arguments, **keywords)

    def probe(self, exp, *arguments, **keywords):
        """Runs the sweep with the probe function, without a launcher."""
        return self.malet(exp, "--plugin", PROBE, "--function", "probe", *arguments, **keywords)

    def json(self, *arguments):
        done = self.malet(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def status(self, exp):
        return self.json("status", exp, "--json")

    def counts(self, exp):
        """How many configs there are, by status."""
        status = self.status(exp)
        return {name: status[name]
                for name in ("total", "completed", "failed", "running", "pending")}

    def rows(self, exp):
        """The rows of all logs of an experiment."""
        return self.json("show", exp, "--format", "json")["rows"]

    def results(self, exp):
        """seed and lr -> result of every row; a config with two rows is a failure."""
        found = {}
        for row in self.rows(exp):
            key = (row["seed"], row["lr"])
            self.assertNotIn(key, found)
            found[key] = (row["status"], row.get("result"))
        return found

    def snapshot(self, folder):
        """Every file below and its bytes."""
        return {str(path.relative_to(folder)): path.read_bytes()
                for path in sorted(folder.rglob("*")) if path.is_file()}

    def assert_refused(self, done, *words, code=2):
        """Left with that code and one sentence that holds the words."""
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        message = done.stderr.strip()
        for word in words:
            self.assertIn(word, message)
        self.assertLessEqual(len(message.splitlines()), 2, message)
        self.assertEqual(done.stdout, "")
