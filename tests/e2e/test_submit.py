"""`submit` and `cancel`, and the jobs that `status` shows, with a Slurm that behaves as it is told."""
import json
import os
import pty
import shutil
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from fake_slurm import FakeSlurm  # noqa: E402
from harness import MALET, FolderTest  # noqa: E402

CONFIG = "model: small\ngrid:\n  lr: [0.5, 0.25]\n  seed: [i;0:1:8]\n"
WHAT = ("--command", "true {lr}")
NEEDED = ("sh", "cat", "seq", "sleep", "tee", "true")


class SubmitTest(FolderTest):
    def setUp(self):
        super().setUp()
        self.slurm = FakeSlurm(self.folder)
        tools = self.folder / "no-slurm"
        tools.mkdir()
        for name in NEEDED:
            (tools / name).symlink_to(shutil.which(name))
        self.environment["PATH"] = self.slurm.path()
        for name in [name for name in self.environment if name.startswith(("SLURM", "SBATCH"))]:
            del self.environment[name]

    def submit(self, exp, *arguments):
        return self.malet("submit", exp, *arguments)

    def at_terminal(self, answer, *arguments):
        """What a command leaves with and shows at a terminal, where that is answered."""
        ours, theirs = pty.openpty()
        pid = os.fork()
        if pid == 0:
            os.setsid()
            for descriptor in (0, 1, 2):
                os.dup2(theirs, descriptor)
            os.execve(MALET, [MALET, *map(str, arguments)], self.environment)
        os.close(theirs)
        os.write(ours, answer.encode())
        shown = b""
        try:
            while part := os.read(ours, 4096):
                shown += part
        except OSError:  # the other end is closed
            pass
        status = os.waitpid(pid, 0)[1]
        os.close(ours)
        return os.waitstatus_to_exitcode(status), shown.decode().replace("\r\n", "\n")

    def script(self, exp, number=0):
        return (exp / "submit" / f"job_{number}.sbatch").read_text()

    def lines(self, exp):
        return [json.loads(line) for line in (exp / "submit" / "jobs.jsonl").read_text().splitlines()]

    def test_a_job_is_shown_submitted_and_written_down(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        done = self.submit(exp, "--nodes", 2, "--gpus-per-node", 4, "--time", "4:00:00", *WHAT,
                           "--yes", "--", "--mem=1G")
        self.assertEqual(done.returncode, 0, done.stderr)
        script = self.script(exp)
        self.assertTrue(done.stdout.startswith(script))
        self.assertIn("exp: 16 configs, 16 to run\n", done.stdout)
        self.assertIn("unknown, since no run is complete", done.stdout)
        self.assertTrue(done.stdout.endswith("job 101\n"))
        for line in ("--nodes=2", "--ntasks-per-node=4", "--gres=gpu:4", "--time=04:00:00", "--mem=1G"):
            self.assertIn(f"#SBATCH {line}\n", script)
        self.assertIn(f"\nsrun {MALET} run {exp} '--command=true {{lr}}'\n", script)
        self.assertEqual(self.slurm.asked("sbatch"), [f"--parsable {exp}/submit/job_0.sbatch"])
        [line] = self.lines(exp)
        self.assertEqual((line["job"], line["script"], line["tasks"]), ("101", "job_0.sbatch", 1))
        [shown] = self.status(exp)["submitted"]
        self.assertEqual((shown["job"], shown["states"]), ("101", {"PENDING": 1}))
        self.assertIn("  101        PENDING", self.malet("status", exp).stdout)

    def test_scripts_are_never_overwritten(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        self.submit(exp, *WHAT, "--yes")
        first = self.script(exp)
        self.submit(exp, *WHAT, "--yes", "--nodes", 3)
        self.assertEqual(self.script(exp), first)
        self.assertIn("--nodes=3", self.script(exp, 1))
        self.assertEqual([line["job"] for line in self.lines(exp)], ["101", "102"])

    def test_a_chain_is_made_of_jobs_that_wait_for_each_other(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        done = self.submit(exp, *WHAT, "--chain", 3, "--array", "4%2", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        script = f"{exp}/submit/job_0.sbatch"
        self.assertEqual(self.slurm.asked("sbatch"),
                         [f"--parsable {script}", f"--parsable --dependency=afterany:101 {script}",
                          f"--parsable --dependency=afterany:102 {script}"])
        self.assertIn("#SBATCH --array=0-3%2\n", self.script(exp))
        self.assertEqual([line["tasks"] for line in self.lines(exp)], [4, 4, 4])

    def test_a_dry_run_writes_and_submits_nothing(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        before = self.snapshot(self.folder / "exp")
        done = self.submit(exp, *WHAT, "--dry-run")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("#SBATCH", done.stdout)
        self.assertEqual(self.slurm.asked("sbatch"), [])
        self.assertEqual(self.snapshot(exp), before)
        self.assertFalse((exp / "submit").exists())

    def test_a_dry_run_needs_no_slurm(self):
        exp = self.experiment(CONFIG)
        done = self.submit(exp, *WHAT, "--dry-run")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_somebody_has_to_say_yes(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        self.assert_refused(self.submit(exp, *WHAT), "no terminal", "--yes")
        for answer in ("n\n", "\n", "yeah\n", "\x04"):
            code, shown = self.at_terminal(answer, "submit", exp, *WHAT)
            self.assertEqual(code, 0, shown)
            self.assertIn("submit? [y/N]", shown)
            self.assertIn("nothing was submitted", shown)
        self.assertEqual(self.slurm.asked("sbatch"), [])
        self.assertFalse((exp / "submit").exists())
        code, shown = self.at_terminal("y\n", "submit", exp, *WHAT)
        self.assertEqual(code, 0, shown)
        self.assertTrue(shown.endswith("job 101\n"), shown)
        code, shown = self.at_terminal("n\n", "cancel", exp)
        self.assertIn("nothing was cancelled", shown)
        self.assertEqual(self.slurm.asked("scancel"), [])
        code, shown = self.at_terminal("y\n", "cancel", exp)
        self.assertIn("1 job cancelled", shown)
        self.assertEqual(self.slurm.asked("scancel"), ["--state=PENDING 101", "101"])

    def test_without_slurm(self):
        exp = self.experiment(CONFIG)
        self.assert_refused(self.submit(exp, *WHAT, "--yes"), "no sbatch", "Slurm")
        self.assertFalse((exp / "submit").exists())
        cancelled = self.malet("cancel", exp, "--yes")
        self.assertEqual(cancelled.returncode, 0)
        self.assertIn("nothing to cancel", cancelled.stdout)
        self.assertEqual(self.status(exp)["submitted"], [])

    def test_what_sbatch_refuses_is_passed_on_and_leaves_nothing(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        before = self.snapshot(exp)
        self.slurm.add("sbatch", 'case "$*" in --version) exit ;; esac\n'
                       "echo 'sbatch: error: Batch job submission failed:' >&2\n"
                       "echo 'Invalid account' >&2; exit 1")
        done = self.submit(exp, *WHAT, "--yes")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertIn("Invalid account", done.stderr)
        self.slurm.add("sbatch", "kill -9 $$")
        self.assertEqual(self.submit(exp, *WHAT, "--yes").returncode, 2)
        self.assertEqual(self.snapshot(exp), before)
        self.assertFalse((exp / "submit").exists())

    def test_a_chain_that_breaks_keeps_what_was_taken(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        self.slurm.add("sbatch", 'case "$*" in --version) ;; *afterany*) echo full >&2; exit 1 ;; '
                       "*) echo '101;big' ;; esac")
        done = self.submit(exp, *WHAT, "--yes", "--chain", 3)
        self.assertEqual(done.returncode, 2)
        self.assertIn("full", done.stderr)
        self.assertIn("malet-mpi cancel", done.stderr)
        self.assertEqual([(line["job"], line["cluster"]) for line in self.lines(exp)], [("101", "big")])
        self.assertTrue(self.script(exp))

    def test_an_sbatch_that_says_something_else_is_told(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        self.slurm.add("sbatch", "echo Hello")
        done = self.submit(exp, *WHAT, "--yes")
        self.assertEqual(done.returncode, 2)
        self.assertIn("'Hello', which names no job", done.stderr)

    def test_bad_usage_changes_nothing(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        before = self.snapshot(exp)
        for arguments, words in (
                (("--array", 2000, *WHAT), ("MaxArraySize", "--array 1001")),
                (("--array", 4, "--curr-split", 0, *WHAT), ("--array 4 makes 4 splits",)),
                (("--array", 4, "--total-splits", 3, *WHAT), ("--array 4 makes 4 splits",)),
                ((*WHAT, "stray"), ("stray",)),
                ((*WHAT, "--", "--array=0-3"), ("--array N",)),
                ((*WHAT, "--time", "90"), ("90", "walltime")),
                (("--command", "{no_such_field}"), ("no_such_field",)),
                (("--python", "missing.py:train"), ("missing.py",)),
                ((), ("function",)),
                ((*WHAT, "--job-name", "a\nb"), ("line break",)),
                ((*WHAT, "--filter", "lr <"), ("filter",))):
            with self.subTest(arguments):
                self.assert_refused(self.submit(exp, "--yes", *arguments), *words)
        self.assert_refused(self.submit(self.folder / "nowhere", *WHAT, "--yes"), "nowhere")
        self.assertEqual(self.slurm.asked("sbatch"), [])
        self.assertEqual(self.snapshot(exp), before)
        self.assertFalse((exp / "submit").exists())

    def test_names_of_any_kind(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG, "it's \"50%j\" $(touch x); é")
        done = self.submit(exp, *WHAT, "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        checked = self.call("/bin/sh", "-n", exp / "submit" / "job_0.sbatch")
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn("50%%j", self.script(exp))
        [shown] = self.status(exp)["submitted"]
        self.assertEqual(shown["states"], {"PENDING": 1})

    def test_srun_is_told_of_pmix_where_it_must_be(self):
        self.slurm.add_all()
        self.slurm.add("scontrol", "echo 'MpiDefault = none'")
        exp = self.experiment(CONFIG)
        self.assertIn(f"\nsrun --mpi=pmix {MALET} run ", self.submit(exp, *WHAT, "--dry-run").stdout)
        self.slurm.add("scontrol", "exit 1")
        self.assertIn(f"\nsrun {MALET} run ", self.submit(exp, *WHAT, "--dry-run").stdout)

    def test_nothing_is_submitted_where_all_is_complete(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        self.assertEqual(self.malet(exp, *WHAT).returncode, 0)
        done = self.submit(exp, *WHAT, "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("nothing to submit", done.stdout)
        self.assertEqual(self.slurm.asked("sbatch"), [])

    def test_what_is_filtered_out_is_not_to_run(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        done = self.submit(exp, *WHAT, "--filter", "seed < 3", "--dry-run")
        self.assertIn("exp: 6 configs, 6 to run\n", done.stdout)
        self.assertIn("'--filter=seed < 3'\n", done.stdout)

    def test_the_plan_tells_gpu_hours_and_jobs_once_runs_are_complete(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        self.malet(exp, *WHAT, "--filter", "seed < 4")
        done = self.submit(exp, *WHAT, "--time", "1:00:00", "--gpus-per-node", 2, "--dry-run")
        self.assertIn("16 configs, 8 to run\n8 runs to go: about ", done.stdout)
        self.assertIn("GPU-hours", done.stdout)
        self.assertIn("about 1 job of 1 node with 2 GPUs each for 1:00:00 (1 to 1)\n", done.stdout)

    def test_a_squeue_that_does_not_answer_leaves_states_unknown(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        self.submit(exp, *WHAT, "--yes")
        for script in ("exec sleep 600", "exit 1", "echo rubbish", "kill -9 $$", None):
            with self.subTest(script):
                if script is None:
                    (self.slurm.folder / "squeue").unlink()
                else:
                    self.slurm.add("squeue", script)
                status = self.status(exp)
                self.assertEqual(status["pending"], 16)
                self.assertEqual(status["submitted"][0]["states"], {"unknown": 1})
                self.assertIn("unknown", self.malet("status", exp).stdout)
        self.assert_refused(self.malet("cancel", exp, "--yes"), "squeue")
        self.assertEqual(self.slurm.asked("scancel"), [])

    def test_jobs_that_slurm_has_forgotten_are_over(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        self.submit(exp, *WHAT, "--yes", "--chain", 2)
        self.slurm.add("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1")
        self.slurm.add("sacct", "echo '101|TIMEOUT'")
        self.assertEqual([job["states"] for job in self.status(exp)["submitted"]],
                         [{"TIMEOUT": 1}, {"ended": 1}])
        self.assertIn("nothing to cancel", self.malet("cancel", exp, "--yes").stdout)

    def test_what_scancel_refuses_is_told(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        self.submit(exp, *WHAT, "--yes")
        self.slurm.add("scancel", "echo 'scancel: error: Access denied' >&2; exit 1")
        done = self.malet("cancel", exp, "--yes")
        self.assertEqual(done.returncode, 2)
        self.assertIn("Access denied", done.stderr)
        (self.slurm.folder / "scancel").unlink()
        self.assertIn("no scancel", self.malet("cancel", exp, "--yes").stderr)

    def test_a_list_of_jobs_that_is_damaged_does_not_stop_status(self):
        self.slurm.add_all()
        exp = self.experiment(CONFIG)
        self.submit(exp, *WHAT, "--yes")
        with open(exp / "submit" / "jobs.jsonl", "a") as file:
            file.write('rubbish\n{"job": 7}\n{"job": "-M evil"}\n{"job": "1')
        self.assertEqual([job["job"] for job in self.status(exp)["submitted"]], ["101"])

    @unittest.skipIf(os.geteuid() == 0 and not os.access("/usr/bin/setpriv", os.X_OK),
                     "root writes everywhere")
    def test_a_folder_that_cannot_be_written(self):
        self.slurm.add_all()
        self.folder.chmod(0o755)
        exp = self.experiment(CONFIG)
        exp.chmod(0o555)
        self.addCleanup(exp.chmod, 0o755)
        nobody = (["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
                  if os.geteuid() == 0 else [])
        done = self.call(*nobody, MALET, "submit", exp, *WHAT, "--yes")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("Permission denied", done.stderr)
        self.assertEqual(self.slurm.asked("sbatch"), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
