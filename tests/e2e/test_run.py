"""The run command as a user types it."""
import ast
import json
import pathlib
import re
import unittest

from harness import MALET, PROBE, FolderTest, ranks

GRID = """\
model: test
grid:
  lr: [0.1, 0.01]
  seed: [i;0:1:20]
"""


class RunTest(FolderTest):
    def test_a_sweep_without_a_launcher_completes(self):
        exp = self.experiment(GRID)
        done = self.probe(exp)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.counts(exp), {"total": 40, "completed": 40, "failed": 0,
                                            "running": 0, "pending": 0})
        self.assertEqual(self.results(exp)[(7, 0.1)], ("C", 0.1 * 7))

    def test_a_second_run_changes_nothing(self):
        exp = self.experiment(GRID)
        self.probe(exp)
        before = self.snapshot(exp)
        done = self.probe(exp)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(self.snapshot(exp), before)

    def test_static_and_dynamic_give_the_same_rows(self):
        found = []
        # With functions inside the ranks, rank 0 has no slot of its own.
        for schedule, isolation, slots in (("static", "process", 4), ("static", "none", 3),
                                           ("dynamic", "process", 1), ("dynamic", "none", 1)):
            exp = self.experiment(GRID, schedule + isolation)
            done = self.call(*ranks(4, MALET, exp, "--plugin", PROBE, "--function", "probe",
                                    "--schedule", schedule, "--isolation", isolation))
            self.assertEqual(done.returncode, 0, done.stderr)
            found.append(self.results(exp))
            self.assertEqual(len(found[-1]), 40)
            self.assertEqual(found[-1], found[0])
            self.assertEqual((exp / "log.tsv").exists(), schedule == "dynamic")
            if schedule == "static":
                self.assertEqual(sorted(path.name for path in exp.glob("log_splits/*.tsv")),
                                 [f"split_{i}.tsv" for i in range(slots)])

    def test_failed_runs_are_rows_and_exit_with_1(self):
        exp = self.experiment("fail_every: 5\n" + GRID)
        done = self.call(*ranks(3, MALET, exp, "--plugin", PROBE, "--function", "probe"))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(self.status(exp)["failed"], 8)
        self.assertIn("fails", done.stdout + done.stderr)
        again = self.malet("status", exp, "--exit-code")
        self.assertEqual(again.returncode, 1)

    def test_a_failure_without_a_text_is_told(self):
        exp = self.experiment("grid: {seed: [1]}\n")
        done = self.malet(exp, "--plugin", PROBE, "--function", "silent")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("last failure, config 0: the function threw", done.stdout)

    def test_the_rows_of_a_split_go_to_its_log(self):
        exp = self.experiment(GRID)
        for split in range(3):
            done = self.probe(exp, "--total-splits", 3, "--curr-split", split)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.status(exp)["completed"], 40)
        self.assertEqual(len((exp / "log_splits/split_0.tsv").read_text().splitlines()), 5 + 14)

    def test_a_new_seed_runs_only_the_new_configs(self):
        exp = self.experiment(GRID)
        self.probe(exp)
        trace = self.folder / "trace"
        exp = self.experiment(GRID.replace("0:1:20", "0:1:21"))
        done = self.probe(exp)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.status(exp)["completed"], 42)
        self.assertFalse(trace.exists())

    def test_options_come_from_malet_yaml_and_flags_win(self):
        exp = self.experiment(GRID)
        (exp / "malet.yaml").write_text(f"plugin: {PROBE}\nfunction: probe\nfilter: seed < 3\n")
        done = self.malet(exp)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.status(exp)["completed"], 6)
        done = self.malet(exp, "--filter", "seed < 5")
        self.assertEqual(self.status(exp)["completed"], 10)

    def test_a_flag_that_says_what_to_run_wins_over_malet_yaml(self):
        exp = self.experiment("grid: {seed: [1, 2]}\n")
        (exp / "malet.yaml").write_text("python: train.py:train\n")
        (exp / "train.py").write_text("def train(config):\n    return {'way': 'python'}\n")
        done = self.malet(exp, "--filter", "seed == 1")  # train.py beside malet.yaml
        self.assertEqual(done.returncode, 0, done.stderr)
        (exp / "sim.sh").write_text("""echo '{"way": "command"}'\n""")
        done = self.malet(exp, "--command", f"sh {exp}/sim.sh", "--metrics-from", "stdout")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([row["way"] for row in self.rows(exp)], ["python", "command"])
        both = self.malet(exp, "--command", "true", "--python", "train.py:train")
        self.assert_refused(both, "--command and --python")

    def test_a_filter_with_a_wrong_field_is_refused(self):
        exp = self.experiment(GRID)
        self.assert_refused(self.probe(exp, "--filter", "lr > 0 or sead == 3"), "'sead'", "seed")

    def test_hosts_or_threads_of_one_process_share_the_work(self):
        for isolation in ("process", "none"):
            exp = self.experiment("sleep_ms: 20\n" + GRID, isolation)
            done = self.probe(exp, "-j", 8, "--isolation", isolation)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.status(exp)["completed"], 40)

    def test_pandas_opens_the_log_as_the_manual_says(self):
        manual = pathlib.Path(__file__).parents[2] / "docs/log_format.md"
        snippet = re.findall(r"^```python\n(.*?)^```$", manual.read_text(), re.M | re.S)[0]
        lists, = re.findall(r"`(df\..*literal_eval\))`", manual.read_text())
        exp = self.experiment("steps: 3\n" + GRID, "EXP")
        self.probe(exp)
        names = {"ast": ast}
        exec(snippet.replace('"EXP/', f'"{exp}/'), names)
        frame = names["df"]
        self.assertEqual(list(frame.columns), ["lr", "seed", "datetime", "duration", "commit_hash",
                                               "status", "loss", "result"])
        self.assertEqual(list(frame.index), list(range(40)))
        self.assertEqual(frame.seed.max(), 19)
        self.assertEqual(frame.result[7], 0.1 * 7)
        series = eval(lists.replace("val_loss", "loss"), names)
        self.assertEqual(series[0], [1, 1 / 2, 1 / 3])

    def test_output_that_cannot_be_written_changes_no_exit_code(self):
        for name, streams in (("full", ">/dev/full"), ("closed", ">&-"), ("none", ">&- 2>&-"),
                              ("all", "<&- >&- 2>&-")):
            exp = self.experiment("steps: 2\n" + GRID, name)
            done = self.call("sh", "-c", f'"{MALET}" "{exp}" --plugin "{PROBE}" --function probe '
                                         f'{streams}')
            self.assertEqual(done.returncode, 0, (name, done.stderr))
            self.assertEqual(self.status(exp)["completed"], 40)
            if "2>" not in streams:
                self.assertIn("cannot write the output", done.stderr)
        exp = self.experiment("fail_every: 5\n" + GRID, "failing")
        done = self.call("sh", "-c", f'"{MALET}" "{exp}" --plugin "{PROBE}" --function probe '
                                     '>/dev/full')
        self.assertEqual(done.returncode, 1, done.stderr)

    def test_output_does_not_go_into_files_where_streams_are_closed(self):
        exp = self.experiment(GRID)
        trace = self.folder / "opened"
        shell = f'exec 1>&- 2>&-; "{MALET}" "{exp}" --plugin "{PROBE}" --function probe'
        done = self.call("env", f"MALET_PROBE_OPENS={trace}", "sh", "-c", shell)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(trace.read_text(), "")

    def test_every_rank_leaves_with_the_same_code(self):
        exp = self.experiment(GRID)
        shell = f'"{MALET}" "{exp}" --plugin "{PROBE}" --function probe; echo "code $?"'
        done = self.call(*ranks(4, "sh", "-c", shell))
        self.assertEqual(done.stdout.count("code 0"), 4, done.stdout + done.stderr)


class ReportTest(FolderTest):
    def test_the_plan_lists_a_thousand_configs_as_json_and_20_as_text(self):
        exp = self.experiment("grid: {a: [i;0:1:1500]}\n")
        self.assertEqual(len(self.json("plan", exp, "--json")["configs"]), 1000)
        self.assertEqual(len(self.json("plan", exp, "--json", "--all")["configs"]), 1500)
        self.assertIn("... and 1480 more", self.malet("plan", exp).stdout)

    def test_plan_status_and_show_speak_json(self):
        exp = self.experiment("model: test\nnested: {a: [1, 2.5]}\ngrid:\n  lr: [0.1]\n"
                              "  seed: [1, 2, 2]\n  hidden: [[64], [64, 32]]\n")
        plan = self.json("plan", exp, "--json")
        self.assertEqual(set(plan), {"experiment", "total", "duplicates", "pending", "remaining",
                                     "grid_fields", "static_configs", "configs"})
        self.assertEqual((plan["experiment"], plan["total"], plan["duplicates"]), ("exp", 6, 2))
        self.assertEqual(plan["grid_fields"], ["lr", "seed", "hidden"])
        self.assertEqual(plan["static_configs"], {"model": "test", "nested": {"a": [1, 2.5]}})
        self.assertEqual(plan["configs"][1]["hidden"], [64, 32])
        self.assertEqual(self.counts(exp), {"total": 4, "completed": 0, "failed": 0, "running": 0,
                                            "pending": 4})
        self.assertEqual(self.malet("status", exp, "--exit-code").returncode, 75)
        self.probe(exp)
        self.assertEqual(self.json("plan", exp, "--json")["pending"], 0)
        show = self.json("show", exp, "--format", "json")
        self.assertEqual(set(show), {"static_configs", "grid_fields", "metric_fields", "rows"})
        self.assertEqual(show["metric_fields"],
                         ["datetime", "duration", "commit_hash", "status", "result"])
        self.assertEqual(show["rows"][0]["hidden"], [64])
        self.assertEqual(show["rows"][0]["result"], 0.1)

    def test_show_filters_sorts_and_cuts(self):
        exp = self.experiment(GRID)
        self.probe(exp)
        rows = json.loads(self.malet("show", exp, "--filter", "lr < 0.05 and seed >= 10",
                                     "--sort=-result", "--top", 3, "--format", "json").stdout)["rows"]
        self.assertEqual([row["seed"] for row in rows], [19, 18, 17])
        table = self.malet("show", exp / "log.tsv", "--top", 2).stdout
        self.assertIn("seed", table)
        tsv = self.malet("show", exp, "--format", "tsv", "--top", 1).stdout
        self.assertIn("\t", tsv)

    def test_a_plan_of_a_huge_grid_answers_at_once(self):
        axes = "".join(f"  f{i}: [i;0:1:100]\n" for i in range(6))
        exp = self.experiment("grid:\n" + axes)
        plan = self.json("plan", exp, "--json")
        self.assertEqual((plan["total"], plan["duplicates"], plan["pending"]),
                         (10**12, None, 10**12))
        done = self.probe(exp)
        self.assert_refused(done, "1000000000000")


if __name__ == "__main__":
    unittest.main()
