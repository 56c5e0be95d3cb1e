"""How runs are stopped."""
import signal
import time
import unittest

from host import PATIENCE, HostTest


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


if __name__ == "__main__":
    unittest.main()
