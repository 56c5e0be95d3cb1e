"""Commands: what they are told, what they tell, and what becomes of bad ones."""
import json
import shutil
import stat
import unittest

from harness import MALET, ranks
from hosts import LOOK, PYTHON, WAYS, HostTest

KEEPS = ("SLURM_JOB_ID", "OMPI_MCA_btl_vader_single_copy_mechanism")
LAUNCHER = ("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_NTASKS", "SLURM_NPROCS",
            "SLURM_PROCID", "SLURM_LOCALID", "SLURM_NODEID", "SLURM_STEP_ID", "SLURM_STEPID")

# Says, as JSON, what it got.
ECHO = """\
import json, os, sys
with open(os.environ["MALET_METRICS"], "w") as file:
    print(json.dumps({"final": {"arguments": "|".join(sys.argv[1:]),
                                "config_file": open(os.environ["MALET_CONFIG"]).read()}}), file=file)
"""


class CommandTest(HostTest):
    def script(self, name, text, mode=0o755):
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def run_command(self, exp, command, *arguments, **keywords):
        return self.sweep(exp, "--command", command, *arguments, **keywords)

    def test_programs_that_cannot_be_started_cost_their_own_rows(self):
        good = self.script("good", "#!/bin/sh\nexit 0\n")
        closed = self.script("closed", "#!/bin/sh\nexit 0\n", stat.S_IRUSR)
        lost = self.script("lost", "#!/nowhere/sh\n")
        fails = self.script("fails", "#!/bin/sh\necho 'no luck' >&2\nexit 7\n")
        dies = self.script("dies", "#!/bin/sh\nkill -9 $$\n")
        programs = [good, closed, lost, fails, dies, self.folder, "/nowhere/program"]
        for way in WAYS:
            with self.subTest(way=way):
                exp = self.experiment(f"grid:\n  prog: [{', '.join(map(str, programs))}]\n"
                                      "  seed: [1, 2]\n", way)
                done = self.run_command(exp, "{prog} {seed}", way=way)
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertEqual(self.status(exp)["completed"], 2)
                found = self.by_field(exp, "prog")
                reasons = {program: found[str(program)]["reason"] for program in programs}
                self.assertEqual(reasons, {
                    good: "ok", closed: "error", lost: "error", fails: "exit", dies: "signal",
                    self.folder: "error", "/nowhere/program": "error"})
                self.assertIn("/nowhere/program", found["/nowhere/program"]["error"])
                self.assertEqual(found[str(fails)]["exit_code"], 7)
                self.assertIn("no luck", found[str(fails)]["stderr"])
                self.assertEqual(found[str(dies)]["signal"], 9)
                self.assert_nothing_left()

    def test_a_program_that_is_never_there_takes_the_slots_out_of_service(self):
        exp = self.experiment("grid: {seed: [i;0:1:40]}\n")
        done = self.run_command(exp, "/nowhere/program {seed}")
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn("/nowhere/program", done.stderr)
        self.assertIn("out of service", done.stderr)
        self.assertEqual(self.status(exp)["pending"] + self.status(exp)["failed"], 40)

    def test_metrics_that_are_asked_for_and_metrics_that_are_wrong(self):
        texts = {"none": "", "other": '{"loss": 1}', "right": '{"acc": 1}', "bad": "{acc: 1}",
                 "clash": '{"acc": 1, "seed": 2}', "steps": '{"acc": 1}\n{"acc": 2}',
                 "clash_step": '{"acc": 1, "seed": 2}\n{"acc": 2}', "not_a_number": '{"acc": NaN}'}
        files = self.folder / "metrics"
        files.mkdir()
        for name, text in texts.items():
            (files / name).write_text(text + "\n" if text else "")
        writes = self.script("writes", '#!/bin/sh\n[ "$1" = none ] || cp "$2/$1" $MALET_METRICS\n')
        exp = self.experiment(f"grid:\n  what: [{', '.join(texts)}]\n  seed: [5]\n")
        done = self.run_command(exp, f"{writes} {{what}} {files}", "--metrics", "acc")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(self.statuses(exp, "what"), {
            "none": "F", "other": "F", "right": "C", "bad": "F", "clash": "F", "steps": "C",
            "clash_step": "F", "not_a_number": "C"})
        found = self.by_field(exp, "what")
        for what in ("none", "other", "bad", "clash", "clash_step"):
            self.assertEqual(found[what]["reason"], "error", found[what])
        self.assertIn("acc", found["none"]["error"])
        self.assertIn("seed", found["clash"]["error"])
        rows = {row["what"]: row for row in self.rows(exp)}
        self.assertEqual((rows["right"]["acc"], rows["steps"]["acc"]), (1, [1, 2]))

    def test_values_reach_the_arguments_and_the_config_file(self):
        echo = self.script("echo.py", ECHO)
        exp = self.experiment("name: a b\nempty:\ngrid:\n  lr: [0.0001]\n  hidden: [[64, 32]]\n"
                              "  quote: [\"it's $HOME\"]\n")
        done = self.run_command(exp, f"{PYTHON} {echo} --lr={{lr}} '{{name}}' {{hidden}} {{quote}} "
                                     "{empty} {{x}} \"a  b\"")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        row, = self.rows(exp)
        self.assertEqual(row["arguments"],
                         "--lr=0.0001|a b|(64, 32)|it's $HOME||{x}|a  b")
        config = json.loads(row["config_file"])
        self.assertEqual((config["lr"], config["hidden"], config["name"]), (1e-4, [64, 32], "a b"))

    def test_metrics_come_from_stdout(self):
        exp = self.experiment("grid: {seed: [1, 2]}\n")
        talks = self.script("talks", '#!/bin/sh\necho hello\necho "{\\"acc\\": $1}"\n'
                                     'echo "{\\"acc\\": 9}"\n')
        done = self.run_command(exp, f"{talks} {{seed}}", "--metrics-from", "stdout",
                                "--keep-output", "all")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual({row["seed"]: row["acc"] for row in self.rows(exp)}, {1: [1, 9],
                                                                               2: [2, 9]})
        kept = [path.read_text() for path in (exp / "runs").rglob("stdout")]
        self.assertEqual(len(kept), 2)
        self.assertTrue(kept[0].startswith("hello\n"))

    def test_unknown_fields_are_refused_at_the_start(self):
        exp = self.experiment("grid: {seed: [1]}\n")
        before = self.snapshot(exp)
        done = self.malet(exp, "--command", "true {sed}")
        self.assert_refused(done, "{sed}")
        self.assertEqual(self.snapshot(exp), before)

    def test_what_a_child_finds_around_it(self):
        exp = self.experiment("grid: {seed: [1, 2, 3]}\n")
        given = {**{name: "7" for name in LAUNCHER if name.startswith("SLURM")},
                 "SLURM_JOB_ID": "77"}
        exports = [word for name, value in given.items() for word in ("-x", f"{name}={value}")]
        names = (*LAUNCHER, *KEEPS, "OMP_NUM_THREADS", "MALET_SLOT")
        self.environment[KEEPS[1]] = "none"
        launch = ranks(2)
        done = self.call(*launch, *exports, MALET, exp, "--command",
                         f"{PYTHON} {LOOK} {' '.join(names)}")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for row in self.rows(exp):
            for name in LAUNCHER:
                self.assertEqual(row["var_" + name], "(unset)", name)
            self.assertEqual(str(row["var_SLURM_JOB_ID"]), "77")
            self.assertEqual(row["var_" + KEEPS[1]], "none")
            self.assertGreaterEqual(int(row["var_OMP_NUM_THREADS"]), 1)
            self.assertEqual(row["stdin"], "/dev/null")
            for fact in ("leads", "usr1", "usr2", "xcpu"):
                self.assertTrue(row[fact], fact)
            # The fourth is the folder that is being listed.
            self.assertEqual(row["descriptors"], "0 1 2 3")

    def test_threads_are_shared_and_the_users_number_stays(self):
        exp = self.experiment("grid: {seed: [1, 2]}\n")
        self.run_command(exp, f"{PYTHON} {LOOK} OMP_NUM_THREADS", "-j", 64)
        self.assertEqual({str(row["var_OMP_NUM_THREADS"]) for row in self.rows(exp)}, {"1"})
        exp = self.experiment("grid: {seed: [1, 2]}\n", "own")
        self.environment["OMP_NUM_THREADS"] = "5"
        self.run_command(exp, f"{PYTHON} {LOOK} OMP_NUM_THREADS")
        self.assertEqual({str(row["var_OMP_NUM_THREADS"]) for row in self.rows(exp)}, {"5"})

    @unittest.skipUnless(shutil.which("mpicxx"), "needs mpicxx")
    def test_commands_under_mpirun_can_be_mpi_programs_and_call_mpirun(self):
        source = self.script("ring.cpp", """\
#include <mpi.h>
#include <cstdio>
int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int size = 0, rank = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank == 0) std::printf("{\\"size\\": %d}\\n", size);
  MPI_Finalize();
}
""", 0o644)
        program = self.folder / "ring"
        made = self.call("mpicxx", source, "-o", program)
        self.assertEqual(made.returncode, 0, made.stderr)
        mpirun = ["mpirun", "--allow-run-as-root", *ranks(2, program)[1:]]
        for size, command in ((1, program), (2, " ".join(map(str, mpirun)))):
            exp = self.experiment("grid: {seed: [1, 2, 3]}\n", f"size{size}")
            done = self.run_command(exp, str(command), "--metrics-from", "stdout", way="ranks")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual([row["size"] for row in self.rows(exp)], [size] * 3)


if __name__ == "__main__":
    unittest.main()
