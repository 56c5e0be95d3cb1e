"""The private Slurm itself: several at once, and nothing left of them."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

CLUSTER = str(pathlib.Path(__file__).resolve().parent / "cluster")
SKIPPED = 77


def cluster(*arguments):
    return subprocess.run([CLUSTER, *map(str, arguments)], text=True, capture_output=True,
                          stdin=subprocess.DEVNULL)


def processes(folder):
    """All whose command line or environment names the folder."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            text = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in text:
            found.append(entry.name)
    return found


class ClusterTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="malet-clusters-"))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def begin(self, name, *options):
        path = self.folder / name
        done = cluster("start", path, *options)
        self.addCleanup(cluster, "stop", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, f"export SLURM_CONF={path}/slurm.conf\n")
        return path

    def call(self, path, *command):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("SLURM_")}
        environment["SLURM_CONF"] = f"{path}/slurm.conf"
        return subprocess.run(command, env=environment, text=True, capture_output=True,
                              stdin=subprocess.DEVNULL)

    def test_two_clusters_do_not_meet(self):
        mounts = pathlib.Path("/proc/self/mounts").read_text()
        first = self.begin("first")
        second = self.begin("second", "--nodes", "3", "--gpus", "2")
        for path, nodes, gpus in ((first, 2, 4), (second, 3, 2)):
            done = self.call(path, "srun", f"-N{nodes}", f"-n{nodes}", f"--gres=gpu:{gpus}",
                             "sh", "-c", "echo $SLURMD_NODENAME $CUDA_VISIBLE_DEVICES")
            devices = ",".join(map(str, range(gpus)))
            self.assertEqual(sorted(done.stdout.splitlines()),
                             [f"n{i + 1} {devices}" for i in range(nodes)], done.stderr)
        self.call(second, "sbatch", "-o", "/dev/null", "--wrap", "sleep 100")
        self.assertEqual(cluster("stop", second).returncode, 0)
        self.assertEqual(processes(second), [])
        self.assertFalse(second.exists())
        self.assertIn("nodes n1 n2: idle", cluster("status", first).stdout)
        self.assertEqual(self.call(first, "srun", "-N2", "hostname").returncode, 0)
        self.assertEqual(cluster("stop", first).returncode, 0)
        self.assertEqual(processes(first), [])
        self.assertEqual(list(self.folder.iterdir()), [])
        self.assertEqual(pathlib.Path("/proc/self/mounts").read_text(), mounts)

    def test_where_there_is_none(self):
        for command in ("stop", "status"):
            done = cluster(command, self.folder / "none")
            self.assertEqual(done.returncode, 2)
            self.assertIn("no cluster is there", done.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_folder_that_is_in_use_is_left_alone(self):
        (self.folder / "mine").write_text("mine")
        done = cluster("start", self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("is not empty", done.stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["mine"])


if __name__ == "__main__":
    # It looks at what is missing before it looks at its folder.
    if cluster("status", "/nonexistent").returncode == SKIPPED:
        sys.exit(SKIPPED)
    unittest.main()
