"""Drives share/malet/malet_host.py as a rank does: over a socket, line by line."""
import json
import math
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

HOST = pathlib.Path(__file__).resolve().parents[2] / "share" / "malet" / "malet_host.py"
PATIENCE = 10  # seconds; only a broken host lets them pass
signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # hosts inherit this from their rank


class Rank:
    """The rank's end: one host, and the lines to and from it."""

    def __init__(self, folder, target):
        ours, theirs = socket.socketpair()
        ours.settimeout(PATIENCE)
        self.output = open(os.path.join(folder, "output"), "w+")
        self.socket = ours
        self.lines = ours.makefile("r", encoding="utf-8", newline="\n")
        self.greeting = {"protocol": 1}
        inherited = {name: value for name, value in os.environ.items()
                     if name != "PYTHONUNBUFFERED"}
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, str(HOST), target], pass_fds=[theirs.fileno()], cwd=folder,
                env={**inherited, "MALET_FD": str(theirs.fileno())},
                stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output,
                start_new_session=True)

    def close(self):
        self.lines.close()
        self.socket.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.output.close()

    def send(self, message):
        self.send_bytes(json.dumps({**message, **self.greeting}).encode() + b"\n")
        self.greeting = {}

    def send_bytes(self, data):
        self.socket.sendall(data)

    def receive(self):
        line = self.lines.readline()
        return json.loads(line) if line else None

    def start(self, config=None, grid_fields=(), **keys):
        about = {"name": "exp", "folder": "/tmp/exp", **keys.pop("experiment", {})}
        self.send({"type": "run", "config": config or {}, "grid_fields": list(grid_fields),
                   "run_id": "00ff", "attempt": 1, "dir": "runs/00/00ff", "experiment": about,
                   **keys})

    def answers(self):
        """What the host says up to the end of the run, without its cpu."""
        found = []
        while not found or found[-1]["type"] == "report":
            message = self.receive()
            if message is None:
                raise AssertionError("the host is gone: " + self.text())
            message.pop("cpu", None)
            found.append(message)
        return found

    def run(self, *args, **keys):
        self.start(*args, **keys)
        return self.answers()

    def leave(self):
        """The exit code of a host that ends by itself."""
        return self.process.wait(PATIENCE)

    def text(self):
        self.output.flush()
        with open(self.output.name) as output:
            return output.read()


class HostTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="malet-host-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, source, name="train.py"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source))
        return path

    def start(self, target="train.py:train"):
        rank = Rank(str(self.folder), target)
        self.addCleanup(rank.close)
        return rank

    def host(self, source):
        """A host of that file's `train`, with its first line read."""
        self.write(source)
        rank = self.start()
        self.assertEqual(rank.receive(), {"type": "ready", "protocol": 1})
        return rank

    def assert_done(self, answers, metrics):
        self.assertEqual(answers[-1], {"type": "done", "metrics": metrics})

    def assert_failed(self, answers, *words):
        self.assertEqual(answers[-1]["type"], "failed", answers)
        for word in words:
            self.assertIn(word, answers[-1]["error"])

    def result(self, source, *args, **keys):
        """What the only run of a function returns."""
        answers = self.host(source).run(*args, **keys)
        self.assertEqual(answers[-1]["type"], "done", answers[-1])
        return answers[-1]["metrics"]


class Start(HostTest):
    def test_ready_comes_before_the_file_is_imported(self):
        rank = self.host("raise ValueError('at import')")
        self.assert_failed(rank.run(), "ValueError: at import")

    def test_the_folder_of_the_file_comes_first_on_the_path(self):
        self.write("def f(): return 7", "sub/signal_helper.py")
        self.write("""
            import sys
            from signal_helper import f
            def train(config):
                return {"f": f(), "name": __name__, "argv": sys.argv[0].endswith("train.py"),
                        "own": any(p.endswith("share/malet") for p in sys.path)}
            """, "sub/train.py")
        rank = self.start("sub/train.py:train")
        rank.receive()
        self.assert_done(rank.run(), {"f": 7, "name": "train", "argv": True, "own": False})

    def test_a_dotted_module_is_imported_from_the_working_folder(self):
        self.write("", "pkg/__init__.py")
        self.write("class T:\n  go = staticmethod(lambda config: {'n': __name__})", "pkg/m.py")
        rank = self.start("pkg.m:T.go")
        rank.receive()
        self.assert_done(rank.run(), {"n": "pkg.m"})

    def test_the_file_is_imported_once(self):
        rank = self.host("""
            calls = []
            def train(config):
                calls.append(0)
                return {"calls": len(calls)}
            """)
        self.assert_done(rank.run(), {"calls": 1})
        self.assert_done(rank.run(), {"calls": 2})

    def test_a_syntax_error_names_the_line_and_costs_that_run(self):
        rank = self.host("x = 1\ndef train(config:\n")
        failed = rank.run()
        self.assert_failed(failed, "SyntaxError", "train.py", "line 2")
        self.assertIn("def train(config:", failed[0]["traceback"])

    def test_a_broken_file_is_tried_again_only_when_it_changed(self):
        counter = self.folder / "imports"
        source = f"open({str(counter)!r}, 'a').write('i')\nimport no_such_module\n"
        rank = self.host(source)
        first, second = rank.run(), rank.run()
        self.assert_failed(first, "ModuleNotFoundError", "no_such_module")
        self.assertEqual(first, second)
        self.assertEqual(counter.read_text(), "i")
        self.write("def train(config): return {'ok': 1}")
        self.assert_done(rank.run(), {"ok": 1})

    def test_a_missing_file_or_function_is_named(self):
        rank = self.start("absent.py:train")
        rank.receive()
        self.assert_failed(rank.run(), "FileNotFoundError", "absent.py")
        rank = self.host("trian = 3")
        self.assert_failed(rank.run(), "AttributeError", "train")
        rank = self.host("train = 3")
        self.assert_failed(rank.run(), "TypeError", "train is a int, not a function")

    def test_bad_usage_is_told(self):
        for target, fd in (("train.py:train", "99"), ("train.py:train", ""), ("train.py", "0")):
            done = subprocess.run([sys.executable, str(HOST), target], stderr=subprocess.PIPE,
                                  env={**os.environ, "MALET_FD": fd})
            self.assertEqual(done.returncode, 2)
            self.assertTrue(done.stderr.startswith(b"usage: "), done.stderr)

    def test_the_socket_is_nobody_elses(self):
        metrics = self.result("""
            import os, socket, subprocess, sys
            def is_socket(fd):
                return os.path.exists(f"/proc/self/fd/{fd}") and \\
                    os.readlink(f"/proc/self/fd/{fd}").startswith("socket:")
            script = '''if 1:
                import os
                found = [f"/proc/self/fd/{n}" for n in os.listdir("/proc/self/fd")]
                found = [os.readlink(f) for f in found if os.path.islink(f)]
                print(sum(f.startswith("socket:") for f in found))
                '''
            def train(config):
                child = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE,
                                       close_fds=False)
                reader, writer = os.pipe()
                pid = os.fork()
                if pid == 0:
                    os.write(writer, b"%d" % sum(map(is_socket, range(64))))
                    os._exit(0)
                os.waitpid(pid, 0)
                return {"env": "MALET_FD" in os.environ, "child": int(child.stdout),
                        "fork": int(os.read(reader, 9)), "own": sum(map(is_socket, range(64)))}
            """)
        self.assertEqual(metrics, {"env": False, "child": 0, "fork": 0, "own": 1})

    def test_a_fork_has_the_usual_signals_and_cannot_report(self):
        metrics = self.result("""
            import multiprocessing, signal, time
            def wait(queue): queue.put(1); time.sleep(60)
            def report(run, queue):
                try: run.report(loss=1)
                except RuntimeError as error: queue.put(str(error))
            def train(config, run):
                context = multiprocessing.get_context("fork")
                queue = context.SimpleQueue()
                child = context.Process(target=wait, args=(queue,)); child.start()
                queue.get(); child.terminate(); child.join()
                queue = context.SimpleQueue()  # the first one may be locked by the dead
                other = context.Process(target=report, args=(run, queue)); other.start()
                text = queue.get(); other.join()
                return {"code": child.exitcode, "text": text}
            """)
        self.assertEqual(metrics["code"], -signal.SIGTERM)
        self.assertIn("a fork cannot report", metrics["text"])

    def test_a_config_can_be_sent_to_a_spawned_process(self):
        metrics = self.result("""
            import multiprocessing
            def square(config): return config.lr ** 2
            def train(config):
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    return {"square": pool.map(square, [config])[0]}
            """, {"lr": 3})
        self.assertEqual(metrics, {"square": 9})


class Calls(HostTest):
    """How functions ask for what they get."""

    KIND = "def kind(*args, **kw): return {'got': [type(a).__name__ for a in args] + sorted(kw)}\n"

    def got(self, source):
        rank = self.host(self.KIND + textwrap.dedent(source))
        plain, checkpoint = (rank.run(experiment=about)[-1]["metrics"]["got"]
                             for about in ({}, {"checkpoint": True}))
        return plain if plain == checkpoint else (plain, checkpoint)

    def test_one_parameter_gets_the_config(self):
        self.assertEqual(self.got("def train(config): return kind(config)"), ["Config"])

    def test_a_second_one_gets_the_experiment(self):
        self.assertEqual(self.got("def train(config, whatever): return kind(config, whatever)"),
                         ["Config", "Experiment"])

    def test_a_second_one_named_run_gets_the_run(self):
        for name in ("run", "malet_run"):
            self.assertEqual(self.got(f"def train(c, {name}): return kind(c, {name})"),
                             ["Config", "Run"])

    def test_a_second_one_with_a_default_is_left_alone_without_checkpoint(self):
        self.assertEqual(self.got("def train(config, epochs=3): return kind(config, epochs)"),
                         (["Config", "int"], ["Config", "Experiment"]))
        self.assertEqual(self.got("def train(config, experiment=None): return kind(experiment)"),
                         ["Experiment"])

    def test_star_args_get_the_experiment_with_checkpoint(self):
        self.assertEqual(self.got("def train(*args): return kind(*args)"),
                         (["Config"], ["Config", "Experiment"]))

    def test_a_wrapper_counts_as_what_it_wraps(self):
        self.assertEqual(self.got("""
            import functools
            def inner(config, run): return kind(config, run)
            @functools.wraps(inner)
            def train(*args): return inner(*args)
            """), ["Config", "Run"])

    def test_partials_callables_and_keyword_only_parameters(self):
        self.assertEqual(self.got("""
            import functools
            def whole(data, config, experiment, epochs): return kind(config, experiment)
            train = functools.partial(whole, "data", epochs=3)
            """), ["Config", "Experiment"])
        self.assertEqual(self.got("""
            class Trainer:
                def __call__(self, config, run): return kind(config, run)
            train = Trainer()
            """), ["Config", "Run"])
        self.assertEqual(self.got("def train(config, *, run): return kind(config, run=run)"),
                         ["Config", "run"])
        rank = self.host("train = dict")
        self.assert_done(rank.run({"lr": 1}), {"lr": 1})

    def test_none_is_no_metrics_and_anything_else_is_explained(self):
        rank = self.host("def train(config): return config.what", )
        self.assert_done(rank.run({"what": None}), {})
        self.assert_done(rank.run({"what": {"a": 1}}), {"a": 1})
        self.assert_failed(rank.run({"what": 0.5}), "train returned a float", "dict of metrics")
        self.assert_failed(rank.run({"what": [1]}), "train returned a list")


class Configs(HostTest):
    CONFIG = {"lr": 0.1, "model": {"width": [64, 32], "act": {"name": "relu"}}, "none": None}

    def check(self, body, config=None):
        """Runs asserts on `config`."""
        source = "def train(config):\n" + textwrap.indent(textwrap.dedent(body), "    ")
        answers = self.host(source).run(config or self.CONFIG)
        self.assertEqual(answers[-1]["type"], "done", answers[-1].get("traceback"))

    def test_reading(self):
        self.check("""
            assert config.lr == config["lr"] == config.get("lr") == 0.1
            assert config.model.act.name == config["model"]["act"]["name"] == "relu"
            assert config.model.width == [64, 32] and type(config.model.width) is list
            assert config.none is None and config.get("absent", 5) == 5
            assert "lr" in config and "absent" not in config and not hasattr(config, "absent")
            assert list(config) == list(config.keys()) == ["lr", "model", "none"]
            assert dict(config.items())["lr"] == 0.1 and len(config) == 3
            assert (lambda lr, **rest: lr)(**config) == 0.1
            assert repr(config).startswith("Config({'lr': 0.1")
            """)

    def test_writing(self):
        self.check("""
            import copy
            config.lr = 1; config["new"] = {"deep": {"x": 1}}
            config.update({"more": {"y": 2}}); config.setdefault("set", {"z": 3})
            assert config.lr == 1 and config.new.deep.x == 1
            assert config.more.y == 2 and config.set.z == 3
            del config.none
            assert "none" not in config
            other = copy.deepcopy(config)
            other.model.act.name = "elu"
            assert config.model.act.name == "relu" and config != other
            assert config.copy() == config and config.copy().lr == 1
            """)

    def test_turning_into_a_dict(self):
        self.check("""
            made = config.to_dict()
            assert made == config and type(made) is type(made["model"]["act"]) is dict
            """)

    def test_a_missing_field_is_named_with_those_that_are_there(self):
        rank = self.host("def train(config): return {'x': config.rl}")
        self.assert_failed(rank.run(self.CONFIG), "'rl'", "lr, model, none")

    def test_fields_keep_their_order(self):
        keys = self.result("def train(config): return {'keys': list(config)}", {"z": 1, "a": 2})
        self.assertEqual(keys, {"keys": ["z", "a"]})

    def test_the_real_config_dict_is_used_where_there_is_one(self):
        self.write("class ConfigDict(dict): pass", "ml_collections.py")
        source = "def train(config): return {'kind': type(config).__module__, **config}"
        self.assertEqual(self.result(source, {"lr": 1}), {"kind": "ml_collections", "lr": 1})

    def test_a_broken_ml_collections_is_done_without(self):
        self.write("raise RuntimeError('numpy is too new')", "ml_collections.py")
        source = "def train(config): return {'kind': type(config).__name__}"
        self.assertEqual(self.result(source), {"kind": "Config"})


class Metrics(HostTest):
    def test_nan_and_infinities_are_results(self):
        metrics = self.result("def train(c): return {'a': float('nan'), 'b': [float('inf')]}")
        self.assertTrue(math.isnan(metrics["a"]))
        self.assertEqual(metrics["b"], [math.inf])

    def test_arrays_and_their_scalars_become_numbers_and_lists(self):
        metrics = self.result("""
            import collections, enum, fractions
            class Array:
                def __init__(self, value): self.value = value
                def tolist(self): return self.value
            class Tensor:
                def item(self): return 0.5
            class Long:
                def tolist(self): return self
                def __float__(self): return 1.25
            class Level(int, enum.Enum): HIGH = 3
            class Name(str, enum.Enum): SGD = "sgd"
            def train(config):
                return {"array": Array([1, 2.5]), "tensor": Tensor(), "long": Long(),
                        "list": [Array(1), Tensor()], "tuple": (1, (2, 3)), "enum": Level.HIGH,
                        "name": Name.SGD, "map": {1: Array([2])},
                        "fraction": fractions.Fraction(1, 2), 7: True, "none": None,
                        "objects": Array([Array(1), "x"])}
            """)
        self.assertEqual(metrics, {
            "array": [1, 2.5], "tensor": 0.5, "long": 1.25, "list": [1, 0.5], "tuple": [1, [2, 3]],
            "enum": 3, "name": "sgd", "map": {"1": [2]}, "fraction": 0.5, "7": True, "none": None,
            "objects": [1, "x"]})

    def test_numpy(self):
        probe = subprocess.run([sys.executable, "-c", "import numpy"], stderr=subprocess.DEVNULL)
        if probe.returncode != 0:
            self.skipTest("numpy is not installed")
        metrics = self.result("""
            import numpy as np
            def train(config):
                return {"f": np.float32(0.5), "i": np.int64(3), "b": np.bool_(True),
                        "a": np.arange(3), "z": np.array(2.5), "l": [np.float64(1)],
                        "m": np.eye(2), "s": np.str_("x"), "long": np.longdouble(0.25)}
            """)
        self.assertEqual(metrics, {"f": 0.5, "i": 3, "b": True, "a": [0, 1, 2], "z": 2.5,
                                   "l": [1.0], "m": [[1, 0], [0, 1]], "s": "x", "long": 0.25})

    def test_what_cannot_be_recorded_is_named_with_its_type(self):
        rank = self.host("""
            import datetime
            def train(config, run):
                if config.report: run.report(loss={1, 2})
                return {"fine": 1, "when": [1, datetime.datetime.now()]}
            """)
        self.assert_failed(rank.run({"report": False}), "'when'", "datetime.datetime")
        self.assert_failed(rank.run({"report": True}), "'loss'", "builtins.set")

    def test_text_that_is_no_utf8_does_not_break_the_line(self):
        metrics = self.result("def train(config): return {'text': 'a\\udc80 \\u00e9\\n\\u2028'}")
        self.assertEqual(metrics, {"text": "a? \u00e9\n\u2028"})

    def test_more_than_a_line_can_hold_is_an_error_of_the_run(self):
        rank = self.host("def train(config): return {'text': 'x' * config.size}")
        self.assert_failed(rank.run({"size": 17 << 20}), "17.0 MiB", "16 MiB")
        self.assertEqual(len(rank.run({"size": 15 << 20})[0]["metrics"]["text"]), 15 << 20)


class Reports(HostTest):
    """The run object of new code."""

    def test_steps_are_appended(self):
        answers = self.host("""
            def train(config, run):
                run.report({"loss": 0.5}, acc=1)
                run.report(loss=[0.25, 0.125])
                return {"final": run.next_step()}
            """).run()
        self.assertEqual(answers, [
            {"type": "report", "metrics": {"loss": 0.5, "acc": 1}},
            {"type": "report", "metrics": {"loss": [0.25, 0.125]}},
            {"type": "done", "metrics": {"final": 3}, "keep": True}])

    def test_earlier_series_are_kept_when_asked_for(self):
        rank = self.host("""
            def train(config, run):
                if config.how == "resume": left = run.resume()
                if config.how == "next": left = run.next_step()
                if config.how == "neither": left = None
                run.report(loss=1)
                return {"left": left, "next": run.next_step()} if left else {}
            """)
        left = {"loss": [3, 2], "acc": 0.5}
        self.assertEqual(rank.run({"how": "resume"}, resume=left), [
            {"type": "report", "metrics": {"loss": 1}, "keep": True},
            {"type": "done", "metrics": {"left": left, "next": 3}, "keep": True}])
        self.assertEqual(rank.run({"how": "next"}, resume=left)[-1]["metrics"],
                         {"left": 2, "next": 3})
        self.assertEqual(rank.run({"how": "neither"}, resume=left), [
            {"type": "report", "metrics": {"loss": 1}}, {"type": "done", "metrics": {}}])

    def test_a_first_attempt_has_nothing_to_resume(self):
        self.assertEqual(self.result("def train(config, run): return {'r': run.resume() == {}, "
                                     "'n': run.next_step(), 'a': run.attempt}"),
                         {"r": True, "n": 0, "a": 1})

    def test_the_folder_is_made_by_asking_wherever_the_function_is(self):
        rank = self.host("""
            import os
            def train(config, run):
                os.chdir("/")
                if config.ask: (run.dir / "model").write_text("m")
                return {"id": run.run_id}
            """)
        self.assert_done(rank.run({"ask": False}), {"id": "00ff"})
        self.assertFalse((self.folder / "runs").exists())
        rank.run({"ask": True})
        self.assertEqual((self.folder / "runs/00/00ff/model").read_text(), "m")

    def test_returned_series_that_were_reported_are_not_sent_again(self):
        answers = self.host("""
            def train(config, run):
                for loss in (3, 2): run.report(loss=loss)
                return {"loss": [3, 2, 1], "other": [1, 2]}
            """).run()
        self.assertEqual(answers[2:], [
            {"type": "report", "metrics": {"loss": [1]}},
            {"type": "done", "metrics": {"other": [1, 2]}}])


class MaletExperiment(HostTest):
    """What unmodified Malet functions do with their experiment."""

    def updates(self, *values):
        answers = self.host(f"""
            def train(config, experiment):
                for value in {list(values)}:
                    experiment.update_log(config, loss=value)
            """.replace("nan", "float('nan')")).run()  # each one an object of its own, as numpy's
        return [{key: value for key, value in message.items() if key != "type"}
                for message in answers[:-1]]

    def test_of_a_list_that_grew_only_the_new_part_is_sent(self):
        self.assertEqual(self.updates([3], [3, 2], [3, 2], [3, 2, 1, 0]), [
            {"metrics": {"loss": [3]}}, {"metrics": {"loss": [2]}}, {"metrics": {"loss": [1, 0]}}])

    def test_nan_counts_as_unchanged(self):
        nan = float("nan")
        sent = self.updates([nan], [nan, 1], [nan, 1, 2])
        self.assertEqual(sent[1:], [{"metrics": {"loss": [1]}}, {"metrics": {"loss": [2]}}])

    def test_a_list_that_changed_is_sent_whole(self):
        self.assertEqual(self.updates([3, 2], [3, 1, 0], [3]), [
            {"metrics": {"loss": [3, 2]}}, {"set": {"loss": [3, 1, 0]}}, {"set": {"loss": [3]}}])

    def test_scalars_replace(self):
        self.assertEqual(self.updates(1, 2, [1], 3), [
            {"set": {"loss": 1}}, {"set": {"loss": 2}}, {"set": {"loss": [1]}},
            {"set": {"loss": 3}}])

    def test_the_list_may_be_the_functions_own(self):
        answers = self.host("""
            def train(config, experiment):
                metrics = {"loss": [], "acc": []}
                for epoch in range(3):
                    metrics["loss"].append(epoch); metrics["acc"].append([epoch, 1])
                    experiment.update_log(config, status="R", **metrics)
                return metrics
            """).run()
        self.assertEqual(answers, [
            {"type": "report", "metrics": {"loss": [0], "acc": [[0, 1]]}},
            {"type": "report", "metrics": {"loss": [1], "acc": [[1, 1]]}},
            {"type": "report", "metrics": {"loss": [2], "acc": [[2, 1]]}},
            {"type": "done", "metrics": {}}])

    def test_metrics_come_as_a_dict_too(self):
        rank = self.host("def train(config, experiment): eval(config.call)")
        for call in ("{'a': 1}, config=config", "{'a': 1}, configs=config", "{'a': 1}, config",
                     "config, {'a': 1}", "config, 'R', a=1", "config, None, a=1"):
            with self.subTest(call):
                config = {"lr": 1, "call": f"experiment.update_log({call})"}
                self.assertEqual(rank.run(config, ["lr"])[0], {"type": "report", "set": {"a": 1}})

    def test_another_config_cannot_be_updated(self):
        rank = self.host("def train(config, experiment): "
                         "experiment.update_log({**config, 'lr': 2}, a=1)")
        self.assert_failed(rank.run({"lr": 1}, ["lr"]), "ValueError", "not the config of this run")

    def test_a_first_attempt_finds_no_row(self):
        metrics = self.result("""
            def train(config, experiment):
                empty = {"loss": []}
                return {"in": config in experiment.log, "info": experiment.get_metric_info(config),
                        "same": experiment.get_log_checkpoint(config, empty) == empty}
            """)
        self.assertEqual(metrics, {"in": False, "info": [{}, {}], "same": True})

    def test_a_failed_attempt_is_gone_on_from(self):
        """As in the guide to Malet's checkpoints."""
        rank = self.host("""
            def train(config, experiment):
                metrics = {"loss": [], "acc": []}
                if config in experiment.log:
                    if config.how == "info": metrics, info = experiment.get_metric_info(config)
                    if config.how == "checkpoint":
                        metrics = experiment.get_log_checkpoint(config, metrics)
                for epoch in range(len(metrics["loss"]), 3):
                    metrics["loss"].append(epoch); metrics["acc"].append(epoch)
                    experiment.update_log(config, **metrics)
                return metrics
            """)
        left = {"loss": [0, 1], "acc": [0, 1], "nothing": math.nan, "none": None}
        for how in ("info", "checkpoint"):
            answers = rank.run({"how": how}, resume=left, info={"status": "F"})
            self.assertEqual(answers[0],
                             {"type": "report", "metrics": {"loss": [2], "acc": [2]}, "keep": True})
            self.assertEqual(answers[1:], [{"type": "done", "metrics": {}, "keep": True}])
        partly = rank.run({"how": "checkpoint"}, resume={"loss": [0, 1]})
        self.assertEqual(partly[0]["metrics"], {"loss": [2], "acc": [2]})

    def test_the_row_is_what_was_left_then_what_was_reported(self):
        metrics = self.result("""
            def train(config, experiment):
                log, other = experiment.log, {**config, "lr": 5}
                assert log[config] == log.get_metric(config) == {"datetime": "d", "status": "F",
                                                                 "acc": 1}
                assert config in log and log.isin(dict(config)) and other not in log
                assert {"lr": (1, 2)} in log and "text" not in log
                try: log[other]
                except KeyError: pass
                else: assert False
                experiment.update_log(config, loss=[1])
                assert log[config]["loss"] == [1] and log[config]["status"] == "R"
                log[config]["loss"].append(2)
                return experiment.get_metric_info(config)[0]
            """, {"lr": [1, 2], "epochs": 3}, ["lr", "in_another_subgrid"], resume={"acc": 1},
            info={"datetime": "d", "status": "F"})
        self.assertEqual(metrics, {})  # {"loss": [1]}: reported already

    def test_what_it_knows_of_the_experiment(self):
        metrics = self.result("""
            def train(config, e):
                return {"all": [e.name, e.timeout, e.checkpoint, e.configs_save, e.filelock,
                                len(e.configs), e.infos, e.configs.grid_fields,
                                e.configs.static_configs, e.log.grid_fields, e.log.static_configs,
                                e.log.metric_fields]}
            """, {"epochs": 3, "lr": 1}, ["lr"], resume={"acc": 1},
            experiment={"timeout": 60.5, "checkpoint": True, "total": 12})
        infos = ["datetime", "duration", "commit_hash", "status"]
        self.assertEqual(metrics["all"], ["exp", 60.5, True, False, False, 12, infos, ["lr"],
                                          {"epochs": 3}, ["lr"], {"epochs": 3}, [*infos, "acc"]])


class Stopping(HostTest):
    LOOP = """
        import os, time
        def train(config, run):
            asked = run.should_stop()
            open("started", "w").close()
            while not run.should_stop(): time.sleep(0.01)
            if config.get("fail"): raise ValueError("no time")
            return {"asked": asked}
        """
    SLEEP = """
        import time
        def train(config):
            open("started", "w").close()
            try: time.sleep(60)
            finally:
                time.sleep(0.2)
                open("cleaned", "w").close()
        """

    def wait_for(self, name):
        until = time.monotonic() + PATIENCE
        while not (self.folder / name).exists():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.005)

    def begin(self, source, **config):
        rank = self.host(source)
        rank.start(config)
        self.wait_for("started")
        time.sleep(0.02)  # it has told so, and gone on to the next line
        return rank

    def test_a_stop_line_is_seen_by_a_function_that_asks(self):
        rank = self.begin(self.LOOP)
        rank.send({"type": "stop", "reason": "deadline"})
        self.assertEqual(rank.answers(),
                         [{"type": "done", "metrics": {"asked": False}, "stopped": True}])

    def test_signals_only_tell_a_function_that_asks(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            rank = self.begin(self.LOOP)
            rank.process.send_signal(number)
            self.assertEqual(rank.answers(),
                             [{"type": "done", "metrics": {"asked": False}, "stopped": True}])
            (self.folder / "started").unlink()

    def test_an_error_after_a_stop_counts_as_stopped(self):
        rank = self.begin(self.LOOP, fail=True)
        rank.send({"type": "stop", "reason": "cancelled"})
        failed = rank.answers()[0]
        self.assertEqual((failed["error"], failed["stopped"]), ("ValueError: no time", True))

    def test_the_flag_is_cleared_for_the_next_run(self):
        rank = self.begin(self.LOOP)
        rank.send({"type": "stop", "reason": "timeout"})
        rank.answers()
        (self.folder / "started").unlink()
        rank.start()
        self.wait_for("started")
        rank.send({"type": "stop", "reason": "timeout"})
        self.assertEqual(rank.answers()[0]["metrics"], {"asked": False})

    def test_a_stop_without_a_run_means_nothing(self):
        rank = self.host("def train(config, run): return {'stop': run.should_stop()}")
        rank.send({"type": "stop", "reason": "deadline"})
        self.assert_done(rank.run(), {"stop": False})

    def test_a_signal_interrupts_a_function_that_does_not_ask(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            rank = self.begin(self.SLEEP)
            rank.process.send_signal(number)
            failed = rank.answers()[0]
            self.assertEqual(failed["type"], "failed")
            self.assertTrue(failed["stopped"])
            self.assertIn("Stopped", failed["error"])
            self.assertIn("time.sleep(60)", failed["traceback"])
            (self.folder / "cleaned").unlink()
            (self.folder / "started").unlink()

    def test_a_second_signal_does_not_interrupt_the_clean_up(self):
        rank = self.begin(self.SLEEP)
        rank.process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        rank.process.send_signal(signal.SIGTERM)
        self.assertTrue(rank.answers()[0]["stopped"])
        self.assertTrue((self.folder / "cleaned").exists())

    def test_an_interrupted_host_takes_the_next_run(self):
        rank = self.begin(self.SLEEP + "\n        def other(config): return {}\n")
        rank.process.send_signal(signal.SIGTERM)
        rank.answers()
        (self.folder / "started").unlink()
        rank.start()
        self.wait_for("started")
        rank.process.send_signal(signal.SIGTERM)
        self.assertTrue(rank.answers()[0]["stopped"])

    def test_except_exception_does_not_swallow_a_stop(self):
        rank = self.begin("""
            import time
            def train(config):
                open("started", "w").close()
                try: time.sleep(60)
                except Exception: return {}
            """)
        rank.process.send_signal(signal.SIGTERM)
        self.assertEqual(rank.answers()[0]["type"], "failed")

    def test_a_swallowed_stop_counts_as_stopped(self):
        rank = self.begin("""
            import time
            def train(config):
                open("started", "w").close()
                try: time.sleep(60)
                except BaseException: return {"saved": 1}
            """)
        rank.process.send_signal(signal.SIGTERM)
        self.assertEqual(rank.answers(),
                         [{"type": "done", "metrics": {"saved": 1}, "stopped": True}])

    def test_a_stop_line_ends_a_function_that_only_reports(self):
        rank = self.begin("""
            import time
            def train(config, experiment):
                open("started", "w").close()
                for i in range(100000):
                    experiment.update_log(config, loss=i)
                    time.sleep(0.01)
            """)
        rank.send({"type": "stop", "reason": "deadline"})
        self.assertTrue(rank.answers()[-1]["stopped"])

    def test_an_interrupt_never_cuts_a_line(self):
        """While a large line waits for a slow reader."""
        rank = self.begin("""
            def train(config, run):
                open("started", "w").close()
                run.report(text="x" * (8 << 20))
                return {}
            """)
        time.sleep(0.3)  # the socket's buffer is full by now
        rank.process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        report, end = rank.answers()
        self.assertEqual(len(report["metrics"]["text"]), 8 << 20)
        self.assertTrue(end["stopped"])

    def test_a_keyboard_interrupt_counts_as_stopped(self):
        failed = self.host("def train(config): raise KeyboardInterrupt").run()[0]
        self.assertEqual((failed["error"], failed["stopped"]), ("KeyboardInterrupt", True))

    def test_a_signal_while_idle_ends_the_host_quietly(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            rank = self.host("def train(config): pass")
            rank.run()
            rank.process.send_signal(number)
            self.assertEqual(rank.leave(), 0)
            self.assertEqual(rank.text(), "")

    def test_a_signal_while_the_end_is_told_lets_it_be_told_and_ends_the_host(self):
        rank = self.begin("""
            def train(config):
                open("started", "w").close()
                return {"text": "x" * (8 << 20)}
            """)
        time.sleep(0.3)  # the socket's buffer is full by now
        rank.process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        self.assert_done(rank.answers(), {"text": "x" * (8 << 20)})
        self.assertEqual(rank.leave(), 0)

    def test_ignored_signals_stay_ignored(self):
        rank = self.begin(self.LOOP)
        rank.process.send_signal(signal.SIGUSR1)
        rank.send({"type": "stop", "reason": "deadline"})
        self.assertEqual(rank.answers()[0]["type"], "done")

    def test_a_functions_own_handler_is_gone_after_its_run(self):
        rank = self.host("""
            import signal
            def train(config): signal.signal(signal.SIGTERM, signal.SIG_IGN)
            """)
        rank.run()
        rank.process.send_signal(signal.SIGTERM)
        self.assertEqual(rank.leave(), 0)


class Failing(HostTest):
    def test_the_error_the_traceback_and_stderr(self):
        rank = self.host("""
            def inner(x): raise ValueError("lr must be\\n  positive")
            def train(config): inner(1)
            """)
        failed = rank.run()[0]
        self.assertEqual(failed["error"], "ValueError: lr must be positive")
        self.assertNotIn("stopped", failed)
        trace = failed["traceback"]
        self.assertTrue(trace.startswith("Traceback (most recent call last):\n"), trace)
        self.assertIn("in train\n", trace)
        self.assertIn("in inner\n", trace)
        self.assertNotIn("malet_host", trace)
        self.assertEqual(rank.text(), trace)

    def test_own_frames_are_left_out_everywhere(self):
        rank = self.host("""
            def train(config, run):
                try: run.report(loss=object())
                except TypeError as error: raise RuntimeError("second") from error
            """)
        trace = rank.run()[0]["traceback"]
        self.assertIn("direct cause", trace)
        self.assertNotIn("share/malet", trace)

    def test_long_texts_are_cut(self):
        rank = self.host("""
            def train(config):
                raise ValueError("begin " + "\\u00e9" * 200000 + " end")
            """)
        failed = rank.run()[0]
        self.assertLessEqual(len(failed["error"].encode()), 2048)
        self.assertLessEqual(len(failed["traceback"].encode()), 65536)
        for text in (failed["error"], failed["traceback"]):
            self.assertIn("begin", text)
            self.assertIn("end", text[-10:])

    def test_an_exception_without_a_text_and_one_that_cannot_be_read(self):
        rank = self.host("""
            class Bad(Exception):
                def __str__(self): raise RuntimeError
            def train(config):
                if config.bad: raise Bad()
                assert False
            """)
        self.assertEqual(rank.run({"bad": False})[0]["error"], "AssertionError")
        self.assert_failed(rank.run({"bad": True}), "Bad: ")

    def test_a_failure_costs_one_run(self):
        rank = self.host("def train(config): return {'x': 1 / config.x}")
        self.assert_failed(rank.run({"x": 0}), "ZeroDivisionError")
        self.assert_done(rank.run({"x": 2}), {"x": 0.5})

    def test_endless_recursion_is_an_error_as_any_other(self):
        self.assert_failed(self.host("def train(config): return train(config)").run(),
                           "RecursionError")

    def test_sys_exit_ends_the_host_with_its_code(self):
        rank = self.host("import sys\ndef train(config): sys.exit(3)")
        rank.start()
        self.assertEqual(rank.leave(), 3)
        self.assertIsNone(rank.receive())

    def test_a_crash_says_where_and_what_was_printed_before(self):
        rank = self.host("import os\ndef train(config):\n  print('hello')\n  os.abort()")
        rank.start()
        self.assertEqual(rank.leave(), -signal.SIGABRT)
        self.assertIn("hello", rank.text())
        self.assertIn("in train", rank.text())

    def test_a_closed_stdout_is_not_the_end(self):
        rank = self.host("import sys\ndef train(config): sys.stdout.close(); return {'a': 1}")
        self.assert_done(rank.run(), {"a": 1})


class Wire(HostTest):
    """What comes over the socket, right and wrong."""

    RUN = {"type": "run", "protocol": 1, "config": {}, "grid_fields": [], "run_id": "0",
           "attempt": 1, "dir": "d", "experiment": {}}

    def refused(self, *lines, word):
        rank = self.host("def train(config): return {}")
        try:
            for line in lines:
                rank.send_bytes(line if isinstance(line, bytes) else json.dumps(line).encode())
                rank.send_bytes(b"\n")
        except BrokenPipeError:
            pass  # it left in the middle of a long line
        self.assertEqual(rank.leave(), 70)
        self.assertIn("malet host: ", rank.text())
        self.assertIn(word, rank.text())

    def test_garbage(self):
        self.refused(b"garbage", word="no JSON")
        self.refused(b"\xff\xfe{}", word="no JSON")
        self.refused(b"[" * 100000, word="no JSON")
        self.refused(b"[1]", word="unknown type")

    def test_an_unknown_type(self):
        self.refused({"type": "walk", "protocol": 1}, word="walk")
        self.refused({"type": ["run"], "protocol": 1}, word="unknown type")

    def test_a_wrong_protocol(self):
        self.refused({**self.RUN, "protocol": 2}, word="protocol 2")
        self.refused({key: value for key, value in self.RUN.items() if key != "protocol"},
                     word="protocol None")

    def test_a_missing_key(self):
        for key in ("config", "grid_fields", "run_id", "attempt", "dir", "experiment"):
            self.refused({name: value for name, value in self.RUN.items() if name != key}, word=key)

    def test_an_overlong_line(self):
        self.refused(b"x" * (17 << 20), word="16 MiB")

    def test_a_run_within_a_run(self):
        rank = self.host("def train(config, run):\n  while True: run.should_stop()")
        rank.start()
        rank.start()
        self.assertEqual(rank.leave(), 70)
        self.assertIn("in progress", rank.text())

    def test_lines_come_in_pieces_and_together(self):
        rank = self.host("def train(config): return {'n': config.n}")
        line = json.dumps({**self.RUN, "config": {"n": 1}}).encode() + b"\n"
        for at in range(0, len(line), 16):
            rank.send_bytes(line[at:at + 16])
            time.sleep(0.002)
        self.assert_done(rank.answers(), {"n": 1})
        rank.send_bytes(line + b'{"type": "stop", "reason": "deadline"}\n' + line[:20])
        self.assert_done(rank.answers(), {"n": 1})
        rank.send_bytes(line[20:])
        self.assert_done(rank.answers(), {"n": 1})

    def test_unknown_keys_are_ignored_and_a_long_line_is_read(self):
        rank = self.host("def train(config): return {'n': len(config.text)}")
        self.assert_done(rank.run({"text": "x" * (15 << 20)}, news={"a": 1}), {"n": 15 << 20})

    def test_a_closed_socket_ends_the_host(self):
        rank = self.host("def train(config): return {}")
        rank.run()
        rank.lines.close()
        rank.socket.close()
        self.assertEqual(rank.leave(), 0)
        self.assertEqual(rank.text(), "")

    def test_a_socket_closed_during_a_run_ends_it_at_the_next_report(self):
        rank = self.host("""
            def train(config, run):
                try:
                    while True: run.report(loss=1)
                finally: print("cleaned")
            """)
        rank.start()
        rank.receive()
        rank.lines.close()
        rank.socket.close()
        self.assertEqual(rank.leave(), 0)
        self.assertEqual(rank.text(), "cleaned\n")

    def test_an_end_that_nobody_reads_is_no_error(self):
        rank = self.host("""
            import os, time
            def train(config):
                while not os.path.exists("go"): time.sleep(0.005)
            """)
        rank.start()
        rank.lines.close()
        rank.socket.close()
        self.write("", "go")
        self.assertEqual(rank.leave(), 0)
        self.assertEqual(rank.text(), "")

    def test_cpu_is_that_of_the_run_and_its_children(self):
        rank = self.host("""
            import subprocess, sys, time
            BUSY = "import time\\nwhile time.process_time() < 0.3: pass"
            def train(config):
                if config.where == "here": exec(BUSY.replace("0.3", str(time.process_time() + 0.3)))
                if config.where == "child": subprocess.run([sys.executable, "-c", BUSY])
            """)
        used = {}
        for where in ("here", "child", "nowhere"):
            rank.start({"where": where})
            used[where] = rank.receive()["cpu"]
        self.assertGreater(used["here"], 0.25)
        self.assertGreater(used["child"], 0.25)
        self.assertLess(used["nowhere"], 0.1)

    def test_output_is_there_when_the_run_is_done(self):
        rank = self.host("""
            import sys
            def train(config):
                sys.stdout.write("out"); sys.stderr.write("err")
            """)
        rank.run()
        self.assertEqual(sorted([rank.text()[:3], rank.text()[3:]]), ["err", "out"])


if __name__ == "__main__":
    unittest.main()
