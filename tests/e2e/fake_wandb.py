"""A server on this machine that answers like W&B's GraphQL API, or badly, as it is told."""
import base64
import http.server
import json
import threading

KEY = "0123456789abcdef0123456789abcdef01234567"


def run(name, config, summary, state="finished", history=(), **more):
    """A run as the API has it; `history` are rows with _step."""
    wrapped = {field: {"desc": None, "value": value} for field, value in config.items()}
    wrapped["_wandb"] = {"value": {"cli_version": "0.17.0"}}
    node = {"name": name, "state": state, "commit": None, "createdAt": "2026-01-02T03:04:05",
            "heartbeatAt": "2026-01-02T03:14:05", "config": json.dumps(wrapped),
            "summaryMetrics": json.dumps(summary), "historyLineCount": len(history),
            "historyKeys": {"lastStep": history[-1]["_step"] if history else -1}}
    node.update(more)
    return {"node": node, "history": list(history)}


class FakeWandb:
    """`sweeps` maps an id to (config as YAML, runs). `faults` are taken one a request, before it is
    answered: functions of the handler, or None for an answer as usual."""

    def __init__(self):
        self.sweeps = {}
        self.page = 2
        self.faults = []
        self.always = None
        self.queries = []
        self.authorizations = []
        self.samples = None
        self.lock = threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                outer.serve(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def serve(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        with self.lock:
            self.queries.append(json.loads(body))
            self.authorizations.append(handler.headers["Authorization"])
            fault = self.faults.pop(0) if self.faults else self.always
        if fault is not None:
            fault(handler)
        elif handler.path != "/graphql":
            reply(handler, 404, "{}")
        elif handler.headers["Authorization"] != basic(KEY):
            reply(handler, 401, '{"errors": [{"message": "user is not logged in"}]}')
        else:
            reply(handler, 200, json.dumps({"data": self.answer(json.loads(body))}))

    def answer(self, question):
        wanted = question["variables"]
        if (wanted["entity"], wanted["project"]) != ("me", "resnet"):
            return {"project": None}
        if "sweep" in wanted:
            sweep = self.sweeps.get(wanted["sweep"])
            return {"project": {"sweep": sweep and {"name": wanted["sweep"], "config": sweep[0]}}}
        if "run" in wanted:
            return {"project": {"run": {"history": self.history(wanted)}}}
        return {"project": self.runs(wanted)}

    def runs(self, wanted):
        conditions = json.loads(wanted["filters"])["$and"]
        runs = self.sweeps[conditions[0]["sweep"]][1]
        for condition in conditions[1:]:
            for field, value in condition.items():
                runs = [one for one in runs if one["node"][field] == value]
        begin = int(wanted["cursor"] or 0)
        end = min(begin + min(self.page, wanted["count"]), len(runs))
        return {"runCount": len(runs), "runs": {
            "edges": [{"node": one["node"]} for one in runs[begin:end]],
            "pageInfo": {"endCursor": str(end), "hasNextPage": end < len(runs)}}}

    def history(self, wanted):
        runs = [one for _, runs in self.sweeps.values() for one in runs]
        rows = next(one["history"] for one in runs if one["node"]["name"] == wanted["run"])
        rows = [row for row in rows if wanted["begin"] <= row["_step"] < wanted["end"]]
        most = min(wanted["count"], self.samples or wanted["count"])
        if len(rows) > most:
            rows = [rows[i * len(rows) // most] for i in range(most)]
        return [json.dumps(row) for row in rows]


def basic(key):
    return "Basic " + base64.b64encode(f"api:{key}".encode()).decode()


def reply(handler, status, body, **headers):
    body = body.encode()
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json", **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def status(code, body="", **headers):
    """A fault: an answer with that status."""
    return lambda handler: reply(handler, code, body, **headers)


def cut_off(handler):
    """A fault: the connection ends in the middle of the body."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"data": {"proj')
    handler.close_connection = True


def reset(handler):
    """A fault: the connection ends without an answer."""
    handler.close_connection = True
