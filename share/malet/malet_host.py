"""Runs a Python function for malet-mpi: one config after the other, in a process of its own.

    python3 malet_host.py FILE:FUNC               started by malet-mpi, with a socket in MALET_FD
    python3 malet_host.py PACKAGE.MODULE:FUNC

FUNC is what Malet takes, unmodified: train(config) or train(config, experiment), returning a dict
of metrics. New code can ask for a run instead, by that name: train(config, run). Both are in
malet_experiment.py, beside this file.

The lines on the socket are described in docs/protocol.md. Standard library only, Python >= 3.8.
"""
import faulthandler
import json
import os
import resource
import signal
import socket
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, HERE)
try:
    from malet_experiment import START_FOLDER, Config, Experiment, Run, plain_metrics
finally:
    sys.path.remove(HERE)  # the function's imports are none of ours

PROTOCOL = 1
MAX_LINE = 16 << 20
MAX_ERROR = 2 << 10
MAX_TRACEBACK = 64 << 10
EXIT_USAGE = 2
EXIT_PROTOCOL = 70
REQUIRED = {"run": {"config": dict, "grid_fields": list, "run_id": str, "attempt": int, "dir": str,
                    "experiment": dict},
            "stop": {}}
OWN_FILES = {function.__code__.co_filename for function in (plain_metrics, lambda: None)}
encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def refuse(text):
    print(f"malet host: {text}", file=sys.__stderr__, flush=True)
    raise SystemExit(EXIT_PROTOCOL)


class Link:
    """The socket to the rank, by whole lines."""

    def __init__(self, fd):
        os.set_inheritable(fd, False)  # programs that the function starts must not hold it open
        self.socket = socket.socket(fileno=fd)
        self.socket.setblocking(True)
        self.buffer = bytearray()
        self.searched = 0
        self.greeted = False

    def close(self):
        self.socket.close()
        self.socket = None

    def send(self, message):
        """Raises ValueError for a line that the rank would refuse."""
        # An unpaired surrogate, as in undecodable file names, has no UTF-8: it becomes "?".
        line = encode(message).encode("utf-8", "replace")
        if len(line) > MAX_LINE:
            raise ValueError(f"metrics of {len(line) / 2**20:.1f} MiB at once; at most "
                             f"{MAX_LINE >> 20} MiB can be recorded with one call")
        if self.socket is None:
            raise RuntimeError("a fork cannot report: only the process that called the function")
        try:
            self.socket.sendall(line + b"\n")
        except OSError:
            raise SystemExit(0) from None  # the rank is gone: nobody is left to tell

    def receive(self, wait=True):
        """The next message; without `wait`, None when no whole line has come."""
        while True:
            end = self.buffer.find(b"\n", self.searched)
            if (end if end >= 0 else len(self.buffer)) > MAX_LINE:
                refuse(f"a line of over {MAX_LINE >> 20} MiB")
            if end >= 0:
                line = bytes(self.buffer[:end])
                del self.buffer[:end + 1]
                self.searched = 0
                return self._parse(line)
            self.searched = len(self.buffer)
            try:
                part = self.socket.recv(1 << 16, 0 if wait else socket.MSG_DONTWAIT)
            except BlockingIOError:
                return None
            except OSError:
                part = b""
            if not part:
                raise SystemExit(0)
            self.buffer += part

    def stop_has_come(self):
        """Looks without waiting, for while a run is in progress."""
        found = False
        while True:
            message = self.receive(wait=False)
            if message is None:
                return found
            if message["type"] == "run":
                refuse("a run while another one is in progress")
            found = True

    def _parse(self, line):
        try:
            message = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            refuse(f"a line that is no JSON: {error}")
        kind = message.get("type") if isinstance(message, dict) else None
        if not isinstance(kind, str) or kind not in REQUIRED:
            refuse(f"a line of an unknown type: {line[:80]!r}")
        if not self.greeted and message.get("protocol") != PROTOCOL:
            refuse(f"protocol {message.get('protocol')}; this host speaks {PROTOCOL}")
        self.greeted = True
        for key, wanted in REQUIRED[kind].items():
            if not isinstance(message.get(key), wanted):
                refuse(f"a {kind} without a proper {key!r}")
        return message


SECOND = {"run": Run, "malet_run": Run, "experiment": Experiment, "exp": Experiment}


class Function:
    """FILE:FUNC, imported at the first run, so that what is wrong with it is that run's error."""

    def __init__(self, target):
        self.source, self.name = target.rsplit(":", 1)
        self.is_file = self.source.endswith(".py") or os.path.exists(self.source)
        if self.is_file:
            self.source = os.path.abspath(self.source)
        self.folder = os.path.dirname(self.source) if self.is_file else START_FOLDER
        self.function = None
        self.failure = None  # of the last import, with its traceback
        self.stamp = None

    def __call__(self, run):
        if self.function is None:
            self._load()
        run.config = self.make_config(run._message["config"])
        needed = self.second_needed or run._message["experiment"].get("checkpoint")
        if self.second is None or not needed:
            return self.function(run.config)
        second = run if self.second is Run else Experiment(run)
        if self.keyword:
            return self.function(run.config, **{self.keyword: second})
        return self.function(run.config, second)

    def _load(self):
        """Imports; after a failure only if the file has changed since."""
        stamp = self._stamp()
        if self.failure is not None and stamp == self.stamp:
            error, trace = self.failure
            raise error.with_traceback(trace)
        self.stamp = stamp
        try:
            found = self._import()
            for part in self.name.split("."):
                found = getattr(found, part)
            if not callable(found):
                raise TypeError(f"{self.name} is a {type(found).__name__}, not a function")
        except Exception as error:
            self.failure = error, error.__traceback__
            raise
        self.make_config = config_maker()
        self.second, self.keyword, self.second_needed = second_argument(found)
        self.function = found

    def _stamp(self):
        try:
            found = os.stat(self.source)
            return found.st_mtime_ns, found.st_size, found.st_ino
        except OSError:
            return None

    def _import(self):
        import importlib.machinery
        import importlib.util
        if not self.is_file:
            return importlib.import_module(self.source)
        name = os.path.splitext(os.path.basename(self.source))[0]
        loader = importlib.machinery.SourceFileLoader(name, self.source)
        spec = importlib.util.spec_from_file_location(name, self.source, loader=loader)
        module = importlib.util.module_from_spec(spec)
        # Compiled here: the cached bytecode of a file changed twice within a second may be stale.
        code = loader.source_to_code(loader.get_data(self.source), self.source)
        sys.modules[name] = module
        try:
            exec(code, module.__dict__)
        except BaseException:
            sys.modules.pop(name, None)
            raise
        return module


def config_maker():
    # Lists stay lists, as in Malet: its log has tuples in grid columns, its configs do not.
    try:
        from ml_collections import ConfigDict
        return ConfigDict
    except Exception:  # not installed, or broken
        return Config


def second_argument(function):
    """What the function gets beside the config: its type or None, its keyword, and whether it gets
    it always (else, as in Malet, only with --checkpoint)."""
    import inspect
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # some callables of C code tell nothing
        return None, None, False
    for p in parameters:
        if p.kind is p.KEYWORD_ONLY and p.default is p.empty and p.name in SECOND:
            return SECOND[p.name], p.name, True
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if len(positional) > 1:
        p = positional[1]
        return SECOND.get(p.name, Experiment), None, p.default is p.empty or p.name in SECOND
    takes_any = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    return Experiment if takes_any else None, None, False


class Host:
    def __init__(self, link, function):
        self.link = link
        self.function = function
        self.run = None
        self.leaving = False

    def serve(self):
        self.take_signals()
        os.register_at_fork(after_in_child=self.leave_to_parent)
        self.link.send({"type": "ready", "protocol": PROTOCOL})
        while True:
            message = self.link.receive()
            if message["type"] == "run":
                self.execute(message)

    def take_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.on_signal)

    def on_signal(self, _number, _frame):
        if self.run is None:
            raise SystemExit(0)
        if self.run._over:
            self.leaving = True  # once its end is told
        else:
            self.run._stop = True
            self.run._interrupt()

    def leave_to_parent(self):
        """In a fork, as of multiprocessing: neither the socket nor the signals are its business."""
        self.link.close()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def execute(self, message):
        began = cpu_seconds()
        run = self.run = Run(message, self.link)
        try:
            try:
                run._interruptible = True
                metrics = self.returned(self.function(run))
            finally:
                run._interruptible = False  # from here on a signal raises nothing
                run._over = True
            # A series that was reported goes on as one: a long one may not fit into one line.
            series = {name: value for name, value in metrics.items()
                      if isinstance(value, list) and isinstance(run._sent.get(name), list)}
            run._update(series)
            rest = {name: value for name, value in metrics.items() if name not in series}
            self.answer(run, began, {"type": "done", "metrics": rest})
        except SystemExit:
            raise  # sys.exit in a function means what it says
        except BaseException as error:  # noqa: B902 - whatever it is, it costs this run only
            run._told = run._told or isinstance(error, KeyboardInterrupt)
            text, trace = describe(error)
            write_stderr(trace)
            self.answer(run, began, {"type": "failed", "error": text, "traceback": trace})
        self.run = None
        if self.leaving:
            raise SystemExit(0)

    def returned(self, value):
        if value is None:
            return {}
        if not hasattr(type(value), "keys"):
            raise TypeError(f"{self.function.name} returned a {type(value).__name__}; it must "
                            "return a dict of metrics, as {'val_acc': 0.9}, or None")
        return plain_metrics(value)

    def answer(self, run, began, message):
        self.take_signals()  # the function may have put its own in their place
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass  # closed by the function, or no space left: not a reason to lose the result
        message.update(run._keep_key(), cpu=round(cpu_seconds() - began, 6))
        if run._told:
            message["stopped"] = True
        self.link.send(message)


def cpu_seconds():
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def describe(error):
    """One line that says what it is, and the traceback, without the frames of this file."""
    import traceback
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = "(its text cannot be had)"
    line = f"{type(error).__name__}: {text}" if text else type(error).__name__
    try:
        whole = traceback.TracebackException(type(error), error, error.__traceback__)
        drop_own_frames(whole)
        trace = "".join(whole.format())
    except Exception:  # a chain of thousands, say
        trace = line + "\n"
    return cut(line, MAX_ERROR, " ... "), cut(trace, MAX_TRACEBACK, "\n...\n")


def drop_own_frames(trace):
    if trace is None:
        return
    trace.stack[:] = [frame for frame in trace.stack
                      if frame.filename not in OWN_FILES
                      and not frame.filename.startswith("<frozen importlib")]
    for other in (trace.__cause__, trace.__context__, *(getattr(trace, "exceptions", None) or ())):
        drop_own_frames(other)


def cut(text, limit, gap):
    data = text.encode("utf-8", "replace")
    if len(data) <= limit:
        return text
    half = (limit - len(gap)) // 2
    return data[:half].decode("utf-8", "ignore") + gap + data[-half:].decode("utf-8", "ignore")


def write_stderr(text):
    try:
        sys.stderr.write(text)
    except Exception:
        pass  # closed or replaced by the function; the rank gets the text anyway


def main():
    fd = os.environ.pop("MALET_FD", "")
    try:
        target, = sys.argv[1:]
        link = Link(int(fd))
        function = Function(target)
    except (ValueError, OSError):
        print("usage: malet_host.py FILE:FUNC, with a socket's descriptor in MALET_FD",
              file=sys.stderr)
        return EXIT_USAGE
    # As if the file had been started by itself, and not from the folder of this one.
    sys.argv = [function.source]
    if sys.path and os.path.realpath(sys.path[0]) == HERE:
        del sys.path[0]
    sys.path.insert(0, function.folder)
    faulthandler.enable()  # a crash says where, on stderr
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # ... and what was printed before it is not lost
    Host(link, function).serve()


if __name__ == "__main__":
    sys.exit(main())
