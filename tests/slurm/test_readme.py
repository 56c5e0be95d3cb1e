"""What README.md says in its section on Slurm, line by line."""
import re
import unittest

from slurm import HERE, PATIENCE, SCRIPTS, SlurmTest, main

README = (HERE.parents[1] / "README.md").read_text()


def section(title):
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def block(language, text):
    """The first block of code in that language."""
    return re.search(rf"```{language}\n(.*?)```", text, re.DOTALL).group(1)


class ReadmeTest(SlurmTest):
    def test_its_commands(self):
        # Those that start jobs on a fresh folder each, others on what the last one left.
        commands = re.findall(r"^    (\S.*)$", section("Slurm"), re.MULTILINE)
        self.assertEqual([command.split()[0] for command in commands],
                         ["srun", "malet-mpi", "sbatch", "sbatch", "sbatch", "sbatch",
                          "malet-mpi"])
        start = section("Five minutes")
        (self.folder / "slurm").symlink_to(SCRIPTS)
        (self.folder / "train.py").write_text(block("python", start))
        for command in commands:
            with self.subTest(command):
                is_submit = command.startswith("malet-mpi submit")
                command += " --yes" * is_submit  # there is no terminal
                if is_submit or not command.startswith("malet-mpi"):
                    self.call("rm", "-rf", self.folder / "EXP")
                    self.experiment(block("yaml", start), "EXP")
                done = self.call("sh", "-c", f"cd {self.folder} && {command}", timeout=PATIENCE)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                if job := re.search(r"^(?:Submitted batch )?job (\d+)$", done.stdout, re.MULTILINE):
                    self.wait_for_end(job.group(1), "COMPLETED")
                status = self.status(self.folder / "EXP")
                self.assertGreater(status["total"], 0)
                self.assertEqual(status["completed"], status["total"])

    def test_its_table_names_the_scripts(self):
        named = set(re.findall(r"^\| `(\w+\.sbatch)`", section("Slurm"), re.MULTILINE))
        self.assertEqual(named, {path.name for path in SCRIPTS.iterdir()})


if __name__ == "__main__":
    main()
