"""import-wandb against a server that plays W&B: what comes into the log, and what goes wrong."""
import json
import os
import pty
import socket
import subprocess
import threading
import unittest

import fake_wandb
from fake_wandb import KEY, FakeWandb, cut_off, reset, run, status
from harness import MALET, FolderTest

SWEEP = """method: grid
parameters:
  lr: {values: [0.1, 0.01]}
  seed: {values: [1, 2, 3]}
  epochs: {value: 10}
"""


def wandb_run(seed, lr=0.1, **keywords):
    summary = {"_runtime": 60.5, "_step": 2, "acc": 0.5 + seed, "loss": "NaN"}
    return run(f"run{seed}", {"lr": lr, "seed": seed, "epochs": 10}, summary, **keywords)


# Whether this build has libcurl.
HAS_CURL = os.environ.get("MALET_CURL", "1") == "1"


@unittest.skipIf(HAS_CURL, "this build has libcurl")
class WithoutLibcurlTest(FolderTest):
    def test_it_is_said_what_to_install(self):
        done = self.malet("import-wandb", "me/resnet", "abc", "-o", self.folder / "log.tsv")
        self.assert_refused(done, "no libcurl", "install libcurl4-openssl-dev")
        self.assertEqual(list(self.folder.iterdir()), [])


@unittest.skipUnless(HAS_CURL, "this build has no libcurl")
class WandbTest(FolderTest):
    def setUp(self):
        super().setUp()
        self.wandb = FakeWandb()
        self.addCleanup(self.wandb.close)
        self.wandb.sweeps["abc"] = (SWEEP, [wandb_run(seed) for seed in range(1, 6)])
        for name in ("WANDB_HTTP_TIMEOUT", "NETRC", "http_proxy", "all_proxy", "ALL_PROXY"):
            self.environment.pop(name, None)
        self.environment.update(WANDB_BASE_URL=self.wandb.url, WANDB_API_KEY=KEY,
                                HOME=str(self.folder), no_proxy="*")
        self.out = self.folder / "log.tsv"

    def imports(self, *arguments, sweeps=("abc",)):
        done = self.malet("import-wandb", "me/resnet", *sweeps, "-o", self.out, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        return self.json("show", self.out, "--format", "json")

    def refuses(self, *words, arguments=(), project="me/resnet", sweeps=("abc",)):
        before = self.snapshot(self.folder)
        done = self.malet("import-wandb", project, *sweeps, "-o", self.out, *arguments)
        self.assert_refused(done, *words)
        self.assertNotIn(KEY, done.stderr)
        self.assertEqual(self.snapshot(self.folder), before)


class ImportTest(WandbTest):
    def test_runs_of_several_pages_become_rows(self):
        log = self.imports()
        self.assertEqual(log["static_configs"], {"epochs": 10})
        self.assertEqual(log["grid_fields"], ["lr", "seed"])
        self.assertEqual(log["metric_fields"],
                         ["datetime", "duration", "commit_hash", "status", "acc", "loss"])
        self.assertEqual([row["seed"] for row in log["rows"]], [1, 2, 3, 4, 5])
        self.assertEqual([row["acc"] for row in log["rows"]], [1.5, 2.5, 3.5, 4.5, 5.5])
        self.assertEqual(log["rows"][0]["duration"], "0 days 00:01:00.500000")
        self.assertEqual({row["status"] for row in log["rows"]}, {"C"})
        self.assertEqual(len(self.wandb.queries), 1 + 3)
        self.assertEqual(set(self.wandb.authorizations), {fake_wandb.basic(KEY)})

    def test_states_are_statuses(self):
        states = ["finished", "running", "crashed", "failed", "killed", "preempted", "pending"]
        runs = [wandb_run(i, state=state) for i, state in enumerate(states)]
        self.wandb.sweeps["abc"] = (SWEEP, runs)
        self.imports()
        lines = self.out.read_text().splitlines()[-len(states):]
        self.assertEqual("".join(line.split("\t")[6] for line in lines), "CRFFFFR")

    def test_sweeps_are_joined_and_a_field_that_differs_is_in_the_grid(self):
        other = run("other", {"lr": 0.1, "seed": 9, "epochs": 20, "wd": {"kind": "l2"}}, {"f1": 1})
        self.wandb.sweeps["xyz"] = (SWEEP.replace("10", "20"), [other])
        log = self.imports(sweeps=("abc", "xyz"))
        self.assertEqual(log["static_configs"], {})
        self.assertEqual(log["grid_fields"], ["lr", "seed", "epochs", "wd.kind"])
        self.assertEqual(log["rows"][-1]["wd.kind"], "l2")
        self.assertIsNone(log["rows"][0]["wd.kind"])
        self.assertEqual(log["rows"][-1]["f1"], 1)

    def test_a_filter_and_metrics_pick(self):
        self.wandb.sweeps["abc"][1].append(wandb_run(6, state="crashed"))
        log = self.imports("--filter", '{"state": "crashed"}', "--metrics", "acc")
        self.assertEqual([row["seed"] for row in log["rows"]], [6])
        self.assertEqual(log["metric_fields"][4:], ["acc"])
        filters = json.loads(self.wandb.queries[-1]["variables"]["filters"])
        self.assertEqual(filters, {"$and": [{"sweep": "abc"}, {"state": "crashed"}]})

    def test_all_steps_brings_every_step(self):
        dense = [{"_step": i, "loss": i / 2, "_timestamp": 1.5} for i in range(2600)]
        sparse = [{"_step": 10**6 * i, "loss": i} for i in range(300)]
        some = [{"_step": i, **({"loss": i} if i % 2 else {"val": i})} for i in range(5)]
        self.wandb.sweeps["abc"] = (SWEEP, [wandb_run(1, history=dense), wandb_run(2),
                                            wandb_run(3, history=sparse), wandb_run(4, history=some)])
        rows = self.imports("--all-steps")["rows"]
        self.assertEqual(rows[0]["loss"], [i / 2 for i in range(2600)])
        self.assertEqual(rows[0]["acc"], 1.5)
        self.assertIsNone(rows[1]["loss"])
        self.assertEqual(rows[2]["loss"], list(range(300)))
        self.assertEqual(rows[3]["loss"], [1, 3])
        self.assertEqual(rows[3]["val"], [0, 2, 4])
        self.assertLess(len(self.wandb.queries), 40)

    def test_the_log_is_replaced_by_force_only(self):
        self.out.write_text("mine")
        self.refuses("log.tsv", "--force")
        self.assertEqual(self.wandb.queries, [])
        self.assertEqual(len(self.imports("--force")["rows"]), 5)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["log.tsv"])

    def test_series_of_an_earlier_log_are_removed_by_force_only(self):
        (self.folder / "log.h5").write_text("another log's")
        self.refuses("log.h5", "--force")
        self.out.write_text("mine")
        self.refuses("log.tsv", "--force")
        self.assertEqual(self.wandb.queries, [])
        self.assertEqual(len(self.imports("--force")["rows"]), 5)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["log.tsv"])
        self.out = self.folder / "log.h5"
        self.refuses("log.h5", ".tsv", arguments=("--force",))

    def test_a_key_of_a_netrc_file_goes_to_its_host_only(self):
        del self.environment["WANDB_API_KEY"]
        netrc = self.folder / ".netrc"
        netrc.write_text(f"machine api.wandb.ai login user password {KEY}\n")
        self.refuses("no W&B key for 127.0.0.1", ".netrc")
        self.assertEqual(self.wandb.authorizations, [])
        netrc.rename(self.folder / "other")
        self.environment["NETRC"] = str(self.folder / "other")
        with (self.folder / "other").open("a") as file:
            file.write(f"machine 127.0.0.1\n  login user\n  password {KEY}\n")
        self.assertEqual(len(self.imports()["rows"]), 5)

    def test_progress_is_shown_on_a_terminal(self):
        master, slave = pty.openpty()
        done = subprocess.run([MALET, "import-wandb", "me/resnet", "abc", "-o", str(self.out)],
                              env=self.environment, stdin=subprocess.DEVNULL, timeout=120,
                              stdout=subprocess.PIPE, stderr=slave, text=True, check=True)
        os.close(slave)
        self.assertIn("4/5 runs", os.read(master, 65536).decode())
        os.close(master)
        self.assertEqual(done.stdout, f"{self.out}: 5 runs\n")


class TroubleTest(WandbTest):
    def test_what_passes_is_tried_again(self):
        self.wandb.faults = [status(429, "slow down", Retry_After="1"), None, status(500), reset,
                             cut_off, status(503, "<html>", Content_Type="text/html")]
        self.assertEqual(len(self.imports()["rows"]), 5)
        self.assertEqual(len(self.wandb.queries), 4 + 5)

    def test_a_server_that_stays_in_trouble_is_given_up(self):
        self.wandb.faults = [None]
        self.wandb.always = status(502, "bad gateway", Retry_After="1")
        self.refuses("sweep abc of me/resnet", "HTTP 502, 8 times", "later")
        self.assertEqual(len(self.wandb.queries), 1 + 8)

    def test_a_rest_that_is_too_long_is_not_taken(self):
        self.wandb.always = status(429, "", Retry_After="86400")
        self.refuses("HTTP 429", "too many requests")
        self.assertEqual(len(self.wandb.queries), 1)

    def test_answers_may_be_slow_but_not_for_ever(self):
        release = threading.Event()
        self.addCleanup(release.set)

        def stall(handler):
            release.wait(60)
            handler.close_connection = True

        def slow(handler):
            handler.send_response(200)
            handler.send_header("Connection", "close")
            handler.end_headers()
            body = json.dumps({"data": self.wandb.answer(self.wandb.queries[-1])})
            for character in body:
                handler.wfile.write(character.encode())
                handler.wfile.flush()
            handler.close_connection = True

        self.environment["WANDB_HTTP_TIMEOUT"] = "2"
        self.wandb.faults = [slow, stall, slow]
        self.assertEqual(len(self.imports()["rows"]), 5)

    def test_wrong_keys_projects_sweeps_and_metrics(self):
        self.refuses("sweep nope", "no such sweep", sweeps=("nope",))
        self.refuses("me/none", "no such project", project="me/none")
        self.refuses("no W&B entity", project="/me")
        self.refuses("no W&B sweep", "give ENTITY/PROJECT", sweeps=("me/resnet/abc",))
        self.refuses("abc", "twice", sweeps=("abc", "abc"))
        self.refuses("ENTITY/PROJECT", project="me")
        self.refuses("f1", "none of the 5 runs", "acc, loss", arguments=("--metrics", "acc,f1"))
        self.environment["WANDB_API_KEY"] = "wrong-key"
        self.refuses("HTTP 401", "not logged in", "WANDB_API_KEY")
        self.assertEqual(len(self.wandb.queries), 2 + 4 + 1)
        self.environment["WANDB_API_KEY"] = "a key"
        self.refuses("blanks")

    def test_bad_filters(self):
        self.refuses("--filter", "byte 1", arguments=("--filter", "state=finished"))
        self.refuses("filter", "list", arguments=("--filter", "[1]"))

    def test_errors_of_the_api_are_told_without_the_key(self):
        error = json.dumps({"errors": [{"message": f"no {KEY}\nhere"}], "data": None})
        self.wandb.always = status(200, error)
        self.refuses("no *** here")
        self.wandb.always = status(400, error)
        self.refuses("HTTP 400", "no *** here")
        self.wandb.always = status(403, "")
        self.refuses("HTTP 403", "may not read")
        self.wandb.always = status(404, "")
        self.refuses("HTTP 404", "WANDB_BASE_URL")

    def test_answers_that_are_none(self):
        for body, word in (("<!doctype html><html>login</html>", "HTML"), ("", "cut off"),
                           ('{"data": {"project": {"swe', "cut off"), ("[]", "no data"),
                           ('{"data": null}', "no data"), ('{"data": {}}', "no such project"),
                           ('{"data": {"project": {"sweep": {"config": "a: [1"}}}}', "YAML")):
            self.wandb.always = status(200, body)
            self.refuses(word)

    def test_pages_that_lead_nowhere(self):
        def page(edges, **info):
            runs = {"edges": [{"node": one["node"]} for one in edges], "pageInfo": info}
            return status(200, json.dumps({"data": {"project": {"runs": runs}}}))

        first = page([wandb_run(1)], endCursor="a", hasNextPage=True)
        second = page([wandb_run(2)], endCursor="a", hasNextPage=True)
        for pages, word in (((first, second), "leads on"), ((first, first), "run1"),
                            ((page([], endCursor="b", hasNextPage=True),), "leads on"),
                            ((page([wandb_run(1)], hasNextPage=True),), "endCursor"),
                            ((page([wandb_run(1)]),), "hasNextPage")):
            self.wandb.faults = [None, *pages]
            self.refuses("sweep abc", word)
            self.assertEqual(self.wandb.faults, [])

    def test_runs_that_are_none(self):
        for change, word in (({"config": "{"}, "config"), ({"summaryMetrics": "[1]"}, "list"),
                             ({"name": None}, "name")):
            damaged = wandb_run(1)
            damaged["node"].update(change)
            self.wandb.sweeps["abc"] = (SWEEP, [damaged])
            self.refuses(word)

    def test_a_history_that_is_not_whole(self):
        history = [{"_step": i, "loss": i} for i in range(50)]
        self.wandb.sweeps["abc"] = (SWEEP, [wandb_run(1, history=history)])
        self.wandb.samples = 20
        self.refuses("run run1", "20 of the 50 steps", arguments=("--all-steps",))
        self.assertEqual(len(self.imports()["rows"]), 1)

    def test_a_redirection_does_not_get_the_key(self):
        other = FakeWandb()
        self.addCleanup(other.close)
        for code in (301, 302, 307, 308):
            self.wandb.always = status(code, "", Location=other.url + "/graphql")
            self.refuses(other.url, "WANDB_BASE_URL")
        self.assertEqual(other.queries, [])

    def test_no_network(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.environment["WANDB_BASE_URL"] = f"http://127.0.0.1:{unused.getsockname()[1]}"
            self.refuses("no answer", "check the network")
        self.environment["WANDB_BASE_URL"] = "ftp://api.wandb.ai"
        self.refuses("WANDB_BASE_URL", "ftp://")
        self.environment["WANDB_BASE_URL"] = self.wandb.url.replace("http:", "https:")
        self.refuses("no answer")

    def test_an_output_that_cannot_be(self):
        self.out.mkdir()
        self.refuses("is a folder")
        self.out.rmdir()
        (self.folder / "log.tsv.journal").write_text("x")
        self.refuses("log.tsv.journal", arguments=("--force",))
        self.assertEqual(self.wandb.queries, [])


if __name__ == "__main__":
    unittest.main()
