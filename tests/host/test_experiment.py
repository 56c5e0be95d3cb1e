"""What a function reports while it runs, and the experiment it may get."""
import math
import unittest

from host import HostTest


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


if __name__ == "__main__":
    unittest.main()
