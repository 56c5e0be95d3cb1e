"""What the tests of `run --queue` share: jobs on one experiment, and how often each config ran."""
import collections
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "audit"))
from audit import Audit  # noqa: E402
from harness import MALET, PROBE, FolderTest  # noqa: E402

GRID = "sleep_ms: {sleep_ms}\ntrace: {trace}\n{more}grid: {{lr: [0.5], seed: [i;1:1:{end}]}}\n"


class QueueTest(FolderTest):
    def setUp(self):
        super().setUp()
        for name in [name for name in self.environment if name.startswith("SLURM_")]:
            del self.environment[name]
        self.trace = self.folder / "trace"

    def grid(self, seeds=120, sleep_ms=30, more=""):
        return self.experiment(
            GRID.format(end=seeds + 1, sleep_ms=sleep_ms, trace=self.trace, more=more))

    def command(self, exp, *more):
        return [MALET, exp, "--queue", "--plugin", PROBE, "--function", "probe", "-j", "2", *more]

    def job(self, exp, *more, **variables):
        return self.start(*self.command(exp, *more), **variables)

    def end(self, job, *codes):
        output = job.communicate(timeout=120)[0]
        self.assertIn(job.returncode, codes or (0,), output)
        return output

    def completed(self, exp):
        return self.status(exp)["completed"]

    def wait_for_runs(self, exp, count):
        self.wait_for(lambda: list(exp.rglob("*.tsv.journal")) and self.completed(exp) >= count,
                      seconds=60)

    def logs(self, exp):
        return sorted(path.name for path in (exp / "log_splits").glob("*.tsv"))

    def claim(self, exp, chunk):
        return json.loads((exp / "claims" / str(chunk)).read_text())

    def times_run(self):
        """How often each seed was begun."""
        return collections.Counter(self.trace.read_text().split())

    def assert_once(self, seeds, twice=0):
        times = self.times_run()
        self.assertEqual(len(times), seeds)
        self.assertLessEqual(sum(times.values()) - seeds, twice, times.most_common(5))

    def assert_audit(self, exp, seeds, merged=True):
        audit = Audit(exp)
        audit.check_rows(seeds)
        audit.check_attempts()
        audit.check_finished()
        self.assertEqual(audit.findings, [])
        if merged:
            self.assertEqual(self.logs(exp), [])
            self.assertFalse((exp / "claims").exists())
            self.assertFalse((exp / "log_splits").exists())
            self.assertFalse(list(exp.glob("logs_backup*")))
