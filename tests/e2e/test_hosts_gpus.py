"""Who gets which device, by what the environment says."""
import json
import re
import unittest

from harness import MALET, ranks
from hosts import LOOK, PYTHON, HostTest

MIGS = ("MIG-5c22e8a4-9f64-5c1e-8c3b-1f1d3a0d5b6e", "MIG-e0f7a6d2-1b9c-5a33-9a62-0f4d6c8b7a15")
VARIABLES = {"CUDA_VISIBLE_DEVICES": ("0", "1"), "HIP_VISIBLE_DEVICES": ("0", "1"),
             "ROCR_VISIBLE_DEVICES": ("GPU-1a2b3c4d5e6f7081", "GPU-8877665544332211"),
             "ZE_AFFINITY_MASK": ("0.0", "1.0")}


class GpuTest(HostTest):
    def look(self, exp, variable, *launch, options=()):
        return self.call(*launch, MALET, exp, *options, "--command",
                         f"{PYTHON} {LOOK} {variable} MALET_GPUS CUDA_DEVICE_ORDER")

    def experiment_of(self, count, name="exp"):
        return self.experiment(f"sleep_ms: 150\ngrid: {{seed: [i;0:1:{count}]}}\n", name)

    def check(self, exp, variable, devices):
        """Each run saw one device, every device was used, and none by two runs at a time."""
        spans = {}
        for row in self.rows(exp):
            seen = str(row["var_" + variable])
            self.assertEqual(str(row["var_MALET_GPUS"]), seen)
            spans.setdefault(seen, []).append((row["begin"], row["end"]))
        self.assertEqual(set(spans), set(devices))
        for times in spans.values():
            times.sort()
            for (_, end), (begin, _) in zip(times, times[1:]):
                self.assertLessEqual(end, begin)
        for attempt in self.attempts(exp):
            self.assertIn(tuple(attempt["gpus"]), {(device,) for device in devices})

    def test_two_devices_for_two_and_for_three_ranks(self):
        self.environment["CUDA_VISIBLE_DEVICES"] = "0,1"
        for count in (2, 3):
            exp = self.experiment_of(8, f"ranks{count}")
            done = self.look(exp, "CUDA_VISIBLE_DEVICES", *ranks(count))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.check(exp, "CUDA_VISIBLE_DEVICES", "01")
            workers = {attempt["rank"] for attempt in self.attempts(exp)}
            self.assertEqual(workers, {0, 1} if count == 2 else {1, 2})

    def test_the_order_of_indices_is_told(self):
        self.environment["CUDA_VISIBLE_DEVICES"] = "0,1"
        exp = self.experiment_of(2)
        self.look(exp, "CUDA_VISIBLE_DEVICES", options=("-j", "2"))
        self.assertEqual({row["var_CUDA_DEVICE_ORDER"] for row in self.rows(exp)}, {"PCI_BUS_ID"})

    def test_each_vendors_variable_alone(self):
        for variable, devices in [*VARIABLES.items(), ("CUDA_VISIBLE_DEVICES", MIGS)]:
            with self.subTest(variable=variable, devices=devices):
                self.environment[variable] = ",".join(devices)
                exp = self.experiment_of(4, f"{variable}{len(devices[0])}")
                done = self.look(exp, variable, options=("-j", "2"))
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.check(exp, variable, devices)
                del self.environment[variable]

    def test_runs_may_take_several_devices_or_share_one(self):
        self.environment["CUDA_VISIBLE_DEVICES"] = "4,5,6,7"
        exp = self.experiment_of(4, "two")
        done = self.look(exp, "CUDA_VISIBLE_DEVICES", options=("-j", "2", "--gpus-per-run", "2"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual({tuple(attempt["gpus"]) for attempt in self.attempts(exp)},
                         {("4", "5"), ("6", "7")})
        self.environment["CUDA_VISIBLE_DEVICES"] = "3"
        exp = self.experiment_of(4, "shared")
        done = self.look(exp, "CUDA_VISIBLE_DEVICES", options=("-j", "2", "--runs-per-gpu", "2"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual({attempt["slot"] for attempt in self.attempts(exp)}, {0, 1})
        self.assertEqual({str(row["var_CUDA_VISIBLE_DEVICES"]) for row in self.rows(exp)}, {"3"})

    def test_fewer_devices_than_slots_is_an_error_that_prints_the_map(self):
        self.environment["CUDA_VISIBLE_DEVICES"] = "0,1"
        exp = self.experiment_of(4)
        before = self.snapshot(exp)
        for launch, options in (((), ("-j", "3")), (ranks(4), ()), ((), ("--gpus-per-run", "3"))):
            done = self.look(exp, "CUDA_VISIBLE_DEVICES", *launch, options=options)
            with self.subTest(launch=launch, options=options):
                self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
                self.assertIn("--runs-per-gpu" if "-j" in options or launch else "--gpus-per-run",
                              done.stderr)
                self.assertEqual(len(re.findall(r"node +rank +slot +GPUs +cores", done.stderr)), 1)
                self.assertEqual(self.snapshot(exp), before)

    def test_gpus_shows_the_map_alone_and_under_mpirun(self):
        self.environment["CUDA_VISIBLE_DEVICES"] = "0,1"
        alone = self.malet("gpus")
        self.assertEqual(alone.returncode, 0, alone.stderr)
        self.assertEqual([line.split()[1:4] for line in alone.stdout.splitlines()],
                         [["rank", "slot", "GPUs"], ["0", "0", "0"], ["0", "1", "1"]])
        done = self.call(*ranks(3), MALET, "gpus")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 4, done.stdout)
        self.assertIn("coordinates only", done.stdout)
        self.assertEqual(self.call(*ranks(4), MALET, "gpus").returncode, 2)
        self.environment["CUDA_VISIBLE_DEVICES"] = ""
        self.assertIn("none", self.malet("gpus").stdout)

    def test_gpus_writes_the_map_as_one_json_document(self):
        for variable, devices in [*VARIABLES.items(), ("CUDA_VISIBLE_DEVICES", MIGS)]:
            self.environment[variable] = ",".join(devices)
            for launch, options in (((), ()), (ranks(3), ()), ((), ("--gpus-per-run", "2"))):
                with self.subTest(variable=variable, launch=launch, options=options):
                    done = self.call(*launch, MALET, "gpus", "--json", *options)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    found = json.loads(done.stdout)
                    dealt = [[device] for device in devices] if not options else [list(devices)]
                    self.assertEqual([slot["gpus"] for slot in found["slots"]], dealt)
                    for slot in found["slots"]:
                        self.assertEqual(slot["variables"][variable], ",".join(slot["gpus"]))
                    self.assertEqual([rank["rank"] for rank in found["coordinators"]],
                                     [0] if launch else [])
                    self.assertEqual(found["unused"], [])
            del self.environment[variable]

    def test_runs_that_need_no_device_see_none(self):
        self.environment["CUDA_VISIBLE_DEVICES"] = "0,1"
        exp = self.experiment_of(4)
        done = self.look(exp, "CUDA_VISIBLE_DEVICES", options=("-j", "3", "--gpus-per-run", "0"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for row in self.rows(exp):
            self.assertNotIn(str(row.get("var_CUDA_VISIBLE_DEVICES")), ("0", "1", "0,1"))
        self.assertEqual([attempt["gpus"] for attempt in self.attempts(exp)], [[]] * 4)


if __name__ == "__main__":
    unittest.main()
