"""What the Python host calls a function with, and what becomes of its metrics."""
import math
import subprocess
import sys
import textwrap
import unittest

from host import HostTest


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


if __name__ == "__main__":
    unittest.main()
