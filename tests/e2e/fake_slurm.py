"""Programs with the names of Slurm's, which do what a test wants and write down what they were asked."""
import shlex


class FakeSlurm:
    def __init__(self, folder):
        self.folder = folder / "slurm-bin"
        self.folder.mkdir()

    def add(self, name, script):
        """A shell script; whatever it was called with before is forgotten."""
        asked = self.folder / f"{name}.asked"
        asked.unlink(missing_ok=True)
        program = self.folder / name
        program.write_text(f'#!/bin/sh\necho "$*" >>{shlex.quote(str(asked))}\n{script}\n')
        program.chmod(0o755)

    def add_all(self):
        """A Slurm that takes everything, under numbers from 101 on, all of which wait."""
        number = shlex.quote(str(self.folder / "number"))
        self.add("sbatch", f"""\
case "$*" in --version) exit ;; esac
last=$(cat {number} 2>/dev/null || echo 100)
echo $((last + 1)) | tee {number}""")
        self.add("squeue", f"""\
for i in $(seq 101 "$(cat {number} 2>/dev/null || echo 100)"); do echo "$i|PENDING"; done""")
        self.add("sacct", "exit 1")
        self.add("scancel", ":")
        self.add("scontrol", "echo 'MaxArraySize = 1001'; echo 'MpiDefault = pmix'")

    def asked(self, name):
        """What it was called with, call by call, but for being asked whether it is there."""
        asked = self.folder / f"{name}.asked"
        lines = asked.read_text().splitlines() if asked.exists() else []
        return [line for line in lines if line != "--version"]

    def path(self):
        """A PATH with these and no other programs of Slurm."""
        return f"{self.folder}:{self.folder.parent / 'no-slurm'}"
