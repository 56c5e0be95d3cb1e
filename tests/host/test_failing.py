"""Runs that fail, and what is no protocol."""
import json
import signal
import time
import unittest

from host import HostTest


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
