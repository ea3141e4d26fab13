"""Sessions kept by nplus1, over the agent's HTTP interface (docs/sessions-http.md), with nothing but Python's standard library."""

import json
import os
import time
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

SESSION_URL = os.environ.get("SESSION_URL")

# Seconds. The agent itself answers within its own limit for the store (2 s, if the stack does not say otherwise).
ANSWER_SECONDS = 10
# An agent that restarts is back within a second or two.
RESTART_SECONDS = 3

# A proxy has no business between a program and its own node.
opener = build_opener(ProxyHandler({}))


class SessionsAway(Exception):
    """Nothing can be said of the session now; the same request may be sent again."""


class Session:
    """What a visitor's session holds, and what the visitor carries: the id, and the version that was last seen."""

    def __init__(self, session_id, headers, content):
        self.id = session_id
        self.version = headers["Session-Version"]
        self.etag = headers["ETag"]
        self.content = content


def make(content):
    status, headers, made = ask("POST", "/sessions", content)
    if status != 201:
        raise SessionsAway(made.get("detail", status))
    return Session(headers["Location"].rsplit("/", 1)[1], headers, made)


def find(session_id, version):
    """None when there is no such session (any more). With the version that the visitor carries, the answer costs the store nothing."""
    # Whatever the visitor made of it, it is one word; a version that was not signed by the agent is as good as none.
    carried = {"Session-Version": quote(version, safe="")} if version else {}
    status, headers, content = ask("GET", path(session_id), headers=carried)
    if status == 200:
        return Session(session_id, headers, content)
    if status in (400, 404):
        return None
    raise SessionsAway(content.get("detail", status))


def update(session, edit):
    """Changes what `edit` says, a function from content to a merge patch; again when somebody else was faster. None when the session ended."""
    while session is not None:
        status, headers, content = ask("PATCH", path(session.id), edit(session.content), {"If-Match": session.etag})
        if status == 200:
            return Session(session.id, headers, content)
        if status not in (404, 412):
            raise SessionsAway(content.get("detail", status))
        session = find(session.id, None)
    return None


def destroy(session_id):
    ask("DELETE", path(session_id))


def path(session_id):
    return "/sessions/" + quote(session_id, safe="")


def ask(method, where, content=None, headers=None):
    body = None if content is None else json.dumps(content).encode("utf-8")
    request = Request(SESSION_URL + where, body, {"Content-Type": "application/json", **(headers or {})}, method=method)
    deadline = time.monotonic() + RESTART_SECONDS
    while True:
        try:
            with opener.open(request, timeout=ANSWER_SECONDS) as response:
                return response.status, response.headers, json.loads(response.read() or "{}")
        except HTTPError as error:
            problem = json.loads(error.read() or "{}")
            if error.code >= 500:
                raise SessionsAway(problem.get("detail", error.code)) from error
            return error.code, error.headers, problem
        except URLError as error:
            # Refused connections carried nothing, so that any request may be repeated.
            if not isinstance(error.reason, ConnectionRefusedError) or time.monotonic() > deadline:
                raise SessionsAway(error.reason) from error
            time.sleep(0.1)
        except OSError as error:
            raise SessionsAway(error) from error
