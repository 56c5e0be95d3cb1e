"""Starting the Python host: what it loads, and what it says when it cannot."""
import os
import signal
import subprocess
import sys
import unittest

from host import HOST, HostTest


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


if __name__ == "__main__":
    unittest.main()
