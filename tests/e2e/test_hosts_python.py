"""Python functions, as Malet takes them."""
import signal
import unittest

from hosts import PYTHON, WAYS, HostTest

# As written for Malet: nothing here knows of malet-mpi.
MALET_TRAIN = """\
import numpy as np

def train(config, experiment):
    metrics = experiment.get_log_checkpoint(config, {"train_loss": [], "val_acc": []})
    rng = np.random.default_rng(config.seed)
    for epoch in range(len(metrics["train_loss"]), config.epochs):
        metrics["train_loss"].append(np.float32(config.lr / (epoch + 1)))
        metrics["val_acc"].append(float(rng.random()))
        experiment.update_log(config, status="R", **metrics)
    return metrics
"""

FAULTS = """\
import os, signal, sys, time

def train(config):
    what = config.what
    if what == "raises":
        raise ValueError("lr must be positive")
    if what == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "exit":
        sys.exit(3)
    if what == "hang":
        while True:
            pass
    if what == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(1)
    if what == "memory":
        hold = bytearray(b"x") * (512 << 20)
        time.sleep(100)
    if what == "clash":
        return {"seed": 1}
    if what == "no_dict":
        return 7
    if what == "not_a_number":
        return {"acc": float("nan"), "best": float("inf")}
    print("seen", what)
    return {"acc": config["seed"] / 2}
"""


class PythonTest(HostTest):
    def python(self, exp, text, *arguments, **keywords):
        path = self.folder / "train.py"
        path.write_text(text)
        return self.sweep(exp, "--python", f"{path}:train", "--interpreter", PYTHON, *arguments,
                          **keywords)

    def test_a_malet_function_runs_unmodified(self):
        for way in WAYS:
            with self.subTest(way=way):
                exp = self.experiment("epochs: 5\nname: x\ngrid:\n  lr: [0.1, 0.01]\n"
                                      "  seed: [1, 2, 3]\n", way)
                done = self.python(exp, MALET_TRAIN, "--checkpoint", way=way)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                rows = self.rows(exp)
                self.assertEqual(len(rows), 6)
                for row in rows:
                    self.assertEqual(row["status"], "C")
                    self.assertEqual(len(row["val_acc"]), 5)
                    self.assertAlmostEqual(row["train_loss"][1], row["lr"] / 2, places=6)
                self.assert_nothing_left()

    def test_faults_are_rows_with_their_reasons(self):
        reasons = {"raises": "error", "segfault": "signal", "exit": "exit", "hang": "timeout",
                   "stubborn": "timeout", "memory": "oom", "clash": "error", "no_dict": "error",
                   "fine": "ok", "not_a_number": "ok"}
        exp = self.experiment(f"grid:\n  what: [{', '.join(reasons)}]\n  seed: [4]\n")
        done = self.python(exp, FAULTS, "--run-timeout", "4s", "--grace", "0.5", "--run-memory",
                           "64M")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        found = self.by_field(exp, "what")
        self.assertEqual({what: found[what]["reason"] for what in reasons}, reasons)
        self.assertEqual(found["raises"]["error"], "ValueError: lr must be positive")
        self.assertIn("train.py", found["raises"]["traceback"])
        self.assertIn("ValueError: lr must be positive", done.stderr)
        self.assertEqual(found["exit"]["exit_code"], 3)
        rows = {row["what"]: row for row in self.rows(exp)}
        self.assertEqual(rows["fine"]["acc"], 2.0)
        self.assertEqual(self.status(exp)["completed"], 2)

    def test_a_file_that_does_not_parse_fails_every_row_and_says_where(self):
        exp = self.experiment("grid: {seed: [1, 2, 3]}\n")
        done = self.python(exp, "def train(config):\n    return {\n")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(self.status(exp)["failed"], 3)
        for attempt in self.attempts(exp):
            self.assertEqual(attempt["reason"], "error")
            self.assertIn("SyntaxError", attempt["error"])
            self.assertIn("train.py", attempt["traceback"])

    def test_an_interpreter_that_cannot_serve_takes_the_slots_out_of_service(self):
        path = self.folder / "train.py"
        path.write_text("def train(config):\n    return {}\n")
        for number, interpreter in enumerate(("/nowhere/python", "/bin/false")):
            for way in WAYS:
                exp = self.experiment("grid: {seed: [1, 2, 3]}\n", f"{way}{number}")
                done = self.sweep(exp, "--python", f"{path}:train", "--interpreter", interpreter,
                                  way=way)
                with self.subTest(way=way, interpreter=interpreter):
                    self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
                    self.assertIn("out of service", done.stderr)
                    self.assertEqual(self.status(exp)["pending"], 3)
                    self.assertEqual(self.attempts(exp), [])
                    self.assert_nothing_left()

    def test_a_missing_file_is_refused_at_the_start(self):
        exp = self.experiment("grid: {seed: [1]}\n")
        self.assert_refused(self.malet(exp, "--python", "/nowhere/train.py:train"),
                            "/nowhere/train.py")
        self.assert_refused(self.malet(exp, "--python", "train"), "FILE:FUNCTION")

    def test_a_stopped_function_goes_on_where_it_was(self):
        slow = MALET_TRAIN.replace("    for epoch", "    import time\n    for epoch").replace(
            "        experiment.update", "        time.sleep(0.02)\n"
            "        open(config.trace, 'a').write('x')\n        experiment.update")
        trace = self.folder / "trace"
        exp = self.experiment(f"epochs: 150\ntrace: {trace}\ngrid: {{lr: [0.5], seed: [1]}}\n")
        (self.folder / "train.py").write_text(slow)
        job = self.start(*self.command(exp, "--python", f"{self.folder}/train.py:train",
                                       "--interpreter", PYTHON, "--checkpoint"))
        self.wait_for(lambda: trace.exists() and trace.stat().st_size > 20, 60)
        job.send_signal(signal.SIGINT)
        output = job.communicate(timeout=60)[0]
        self.assertEqual(job.returncode, 75, output)
        before = self.rows(exp)[0]["train_loss"]
        self.assertIn(len(before), range(3, 150))
        done = self.python(exp, slow, "--checkpoint")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        row, = self.rows(exp)
        self.assertEqual(len(row["train_loss"]), 150)
        self.assertEqual(row["train_loss"][:len(before)], before)
        self.assertEqual([attempt["attempt"] for attempt in self.attempts(exp)], [1, 2])


if __name__ == "__main__":
    unittest.main()
