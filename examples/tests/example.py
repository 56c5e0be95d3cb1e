"""What the tests of the examples share: a folder to run in, and the commands as a user types them."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = 77
MPIRUN = ["mpirun", "-q", "-n", "3", "--oversubscribe"]


class Example:
    """An example in a working folder of its own, where paths are as from the repository's root.

    Usage of every test: test_NAME.py BUILD_FOLDER WORK_FOLDER
    """

    def __init__(self, name):
        self.name = name
        self.build, self.work = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
        self.malet_mpi = self.build / "malet-mpi"
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        (self.work / "examples").symlink_to(EXAMPLES)
        self.environment = {
            **os.environ,
            "OMPI_ALLOW_RUN_AS_ROOT": "1",
            "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        }

    def new_experiment(self, name, config=None):
        """A copy of the example's YAML files, so that its own folder stays as it is."""
        folder = self.work / name
        folder.mkdir()
        for file in (EXAMPLES / self.name).glob("*.yaml"):
            shutil.copy(file, folder)
        if config is not None:
            (folder / "exp_config.yaml").write_text(config)
        return folder

    def start(self, *command):
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=self.work,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *command):
        process = self.start(*command)
        output, _ = process.communicate()
        assert process.returncode == 0, f"{command} left with {process.returncode}:\n{output}"
        return output

    def rows(self, experiment):
        """Config to its metrics, of every row."""
        shown = json.loads(self.run(self.malet_mpi, "show", experiment, "--format", "json"))
        fields = shown["grid_fields"]
        infos = {"id", "datetime", "duration", "commit_hash", "status", *fields}
        return {
            tuple(row[field] for field in fields): {
                name: value for name, value in row.items() if name not in infos
            }
            for row in shown["rows"]
        }


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)
