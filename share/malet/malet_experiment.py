"""What a Python function gets from malet-mpi: its config, and Malet's experiment or a run.

Part of malet_host.py, which runs the function. Standard library only, Python >= 3.8.
"""
import os

START_FOLDER = os.getcwd()  # a function may leave for another one; the rank's paths start here
SCALARS = {float, int, str, bool, type(None)}


class Stopped(BaseException):
    """Raised inside a function that does not ask run.should_stop(), to end it.

    Not an Exception, so that an `except Exception` around a training step does not swallow it.
    """


def plain(value, name):
    """The value as JSON has it: numbers, text, lists, maps. Always a copy of lists and maps."""
    kind = type(value)
    if kind in SCALARS:
        return value
    if isinstance(value, (list, tuple)):
        if SCALARS.issuperset(map(type, value)):  # a long series costs no Python per value
            return list(value)
        return [plain(item, name) for item in value]
    if hasattr(kind, "keys"):
        return {str(key): plain(value[key], name) for key in value.keys()}
    # Arrays and scalars of numpy, torch, jax, pandas, ... say themselves what they are in Python.
    for method in ("tolist", "item"):
        if hasattr(kind, method):
            made = getattr(value, method)()
            if type(made) is not kind:
                return plain(made, name)
    for base, convert in ((str, str.__str__), (int, int), (float, float)):  # as of enumerations
        if isinstance(value, base):
            return convert(value)
    if hasattr(kind, "__float__"):
        return float(value)
    raise TypeError(f"metric {name!r} holds a {kind.__module__}.{kind.__qualname__}: only numbers, "
                    "text, booleans, None, and lists, arrays or maps of them can be recorded")


def plain_metrics(metrics):
    return {str(name): plain(metrics[name], name) for name in metrics.keys()}


def starts_with(series, head):
    """Whether the series begins with that head; NaN counts as equal to NaN."""
    begin = series[:len(head)]
    return begin == head or (len(begin) == len(head) and repr(begin) == repr(head))


class Config(dict):
    """A config: fields as attributes and as items. For where ml_collections is not installed."""

    def __init__(self, *args, **fields):
        super().__init__()
        self.update(*args, **fields)

    def __setitem__(self, name, value):
        is_map = isinstance(value, dict) and not isinstance(value, Config)
        super().__setitem__(name, Config(value) if is_map else value)

    def update(self, *args, **fields):
        for name, value in dict(*args, **fields).items():
            self[name] = value

    def setdefault(self, name, default=None):
        if name not in self:
            self[name] = default
        return self[name]

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            fields = ", ".join(map(str, self))
            raise AttributeError(f"the config has no field {name!r}; it has {fields}") from None

    __setattr__ = __setitem__

    def __delattr__(self, name):
        if name not in self:
            raise AttributeError(f"the config has no field {name!r}")
        del self[name]

    def copy(self):
        return Config(self)

    def to_dict(self):
        return {name: value.to_dict() if isinstance(value, Config) else value
                for name, value in self.items()}

    def __repr__(self):
        return f"Config({super().__repr__()})"


class Run:
    """A run in progress. Use it from the thread that the function was called in."""

    def __init__(self, message, link):
        self.config = None  # made where an exception is the run's
        self.run_id = message["run_id"]
        self.attempt = message["attempt"]
        self._message = message
        self._link = link
        self._left = message.get("resume") or {}  # metrics of earlier attempts
        self._sent = {}           # what the rank holds by now
        self._reported = False
        self._keep = False        # the function goes on from what is left
        self._interruptible = False
        self._stop = False        # the rank or a signal asked for it ...
        self._asked = False       # ... the function looks for that itself ...
        self._told = False        # ... and knows of it
        self._over = False

    def report(self, step=None, **metrics):
        """Appends one value to the series of each name; a list is appended value by value."""
        metrics = plain_metrics({**(step or {}), **metrics})
        self._send({"metrics": metrics})
        for name, value in metrics.items():
            series = self._sent.setdefault(name, [])
            if isinstance(series, list):
                series.extend(value if isinstance(value, list) else [value])
            else:
                self._sent[name] = None  # a scalar until now: the next whole list replaces it
        self._look()

    def should_stop(self):
        """Whether to save what is needed and return soon: deadline, timeout or signal.

        A function that has asked once is not interrupted any more.
        """
        self._asked = True
        self._look()
        self._told = self._told or self._stop
        return self._stop

    def next_step(self):
        """Number of steps reported so far, earlier attempts included; keeps their series."""
        self._keep_series()
        return max((len(v) for v in self._sent.values() if isinstance(v, list)), default=0)

    def resume(self):
        """The metrics that earlier attempts left, {} on a first one; keeps their series."""
        self._keep_series()
        return plain(self._left, "resume")

    @property
    def dir(self):
        """The run's own folder, a pathlib.Path, the same on every attempt; made by asking."""
        import pathlib  # not needed by most, and a start has to be quick
        path = pathlib.Path(START_FOLDER, self._message["dir"])
        path.mkdir(parents=True, exist_ok=True)
        return path

    def _keep_series(self):
        if not self._keep and not self._reported:
            self._sent = plain(self._left, "resume")
        self._keep = True

    def _known(self):
        return self._sent if self._reported or self._keep else self._left

    def _update(self, metrics):
        """Brings the rank up to date with these metrics; of a series that grew, the new part."""
        grown, replaced = {}, {}
        for name, value in metrics.items():
            sent = self._sent.get(name, [])
            if isinstance(value, list) and isinstance(sent, list) and starts_with(value, sent):
                if len(value) > len(sent):
                    grown[name] = value[len(sent):]
            else:
                replaced[name] = value
        message = {"metrics": grown} if grown else {}
        if replaced:
            message["set"] = replaced
        if message:
            self._send(message)
        self._sent.update(metrics)

    def _send(self, report):
        self._without_interrupt(self._link.send, {"type": "report", **report, **self._keep_key()})
        self._reported = True

    def _keep_key(self):
        return {"keep": True} if self._keep else {}

    def _look(self):
        if self._without_interrupt(self._link.stop_has_come):
            self._stop = True
        self._interrupt()

    def _without_interrupt(self, function, *arguments):
        """Half a line on the socket would be worse than a stop that waits for its other half."""
        interruptible, self._interruptible = self._interruptible, False
        try:
            return function(*arguments)
        finally:
            self._interruptible = interruptible

    def _interrupt(self):
        if self._stop and self._interruptible and not self._asked:
            self._interruptible = False  # once: its finally blocks run in peace
            self._told = True
            raise Stopped("the run was told to stop")


class Configs:
    """What is known here of the sweep's configs. They can be counted, not listed."""

    def __init__(self, run):
        message = run._message
        self.grid_fields = list(message["grid_fields"])
        self.static_configs = {name: value for name, value in message["config"].items()
                               if name not in self.grid_fields}
        self._total = message["experiment"].get("total")

    def __len__(self):
        if self._total is None:
            raise TypeError("the number of configs is not known")
        return self._total


class Log:
    """The log as far as this run is concerned: the row of its own config, if there is one.

    A row without metrics is none: there is nothing to go on from.
    """

    def __init__(self, run, configs):
        self._run = run
        self.grid_fields = configs.grid_fields
        self.static_configs = configs.static_configs

    @property
    def metric_fields(self):
        return Experiment.infos + list(self._run._known())

    def isin(self, config):
        return bool(self._run._known()) and self._is_own(config)

    def get_metric(self, config):
        if config not in self:
            raise KeyError("the log has no metrics of that config")
        info = dict(self._run._message.get("info") or {})
        if self._run._reported:
            info["status"] = "R"
        return {**info, **plain(self._run._known(), "log")}

    __contains__ = isin
    __getitem__ = get_metric

    def _is_own(self, config):
        if config is self._run.config:
            return True
        own = self._run._message["config"]
        try:  # by the grid fields, as rows are told apart; tuples, as logs have them, are lists
            return all((plain(config[name], name) if name in config else None) == own.get(name)
                       for name in self.grid_fields)
        except (TypeError, LookupError):
            return False


class Experiment:
    """What a Malet function gets as its experiment. The rank writes the log; this one reports."""

    infos = ["datetime", "duration", "commit_hash", "status"]
    filelock = False

    def __init__(self, run):
        about = run._message["experiment"]
        self.name = about.get("name")
        self.timeout = about.get("timeout")
        self.checkpoint = bool(about.get("checkpoint"))
        self.configs_save = bool(about.get("configs_save"))
        self.configs = Configs(run)
        self.log = Log(run, self.configs)
        self._run = run

    def update_log(self, *args, status=None, **metrics):
        """update_log(config, status=None, **metrics): what there is of the metrics up to now.

        Taken, too, as earlier versions of Malet had it: update_log(metrics, config=config). The
        status is the rank's to say: R while the function runs, then C or F.
        """
        config = metrics.pop("config", metrics.pop("configs", None))
        maps = [arg for arg in args if arg is not None and not isinstance(arg, str)]
        if config is None:
            found = [arg for arg in maps if arg is self._run.config]
            found = found or [arg for arg in maps if self.log._is_own(arg)]
            config = found[0] if found else None
        if config is None or not self.log._is_own(config):
            raise ValueError("update_log: that is not the config of this run, and its row is all "
                             "that a run can update")
        for given in maps:
            if given is not config:
                metrics = {**given, **metrics}
        self._run._update(plain_metrics(metrics))
        self._run._look()

    def get_metric_info(self, config):
        """Metrics and info of the config's row, ({}, {}) where there is none; keeps its series."""
        self._run._keep_series()
        if config not in self.log:
            return {}, {}
        row = self.log.get_metric(config)
        info = {name: row.pop(name) for name in self.infos if row.get(name) is not None}
        return {name: value for name, value in row.items()
                if value is not None and value == value}, info  # Malet leaves out NaN

    def get_log_checkpoint(self, config, empty_metric=None):
        """The metrics of the row, else the empty ones. (Metrics, info) without empty ones."""
        found, info = self.get_metric_info(config)
        return (found, info) if empty_metric is None else {**empty_metric, **found}
