"""A guest book on the nplus1 application contract, with nothing but Python's standard library."""

import html
import json
import os
import signal
import threading
from datetime import datetime, timezone
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import sessions

PORT = int(os.environ.get("PORT", "8082"))
NODE_ID = os.environ.get("NODE_ID", "local")
SETTINGS_FILE = Path(os.environ.get("SETTINGS_DIR", ".")) / "conf" / "guestbook.properties"
ENTRIES_FILE = Path(os.environ.get("DATA_DIR", ".")) / "var" / "guestbook.jsonl"

MOST_BYTES = 10_000
SHOWN_ENTRIES = 50
# Seconds a client may be silent within a request.
PATIENCE_SECONDS = 30

# The visitor carries the session's id, and beside it the version last seen: with it the session is read from the node's memory.
ID_COOKIE = "guest"
VERSION_COOKIE = "guest.v"

writing = threading.Lock()


def read_settings(text):
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith(("#", "!")))
    return {key.strip(): value.strip() for key, value in pairs}


def read_entries():
    if not ENTRIES_FILE.exists():
        return []
    return [json.loads(line) for line in ENTRIES_FILE.read_text("utf-8").splitlines()]


def write_entry(name, words):
    entry = {"at": datetime.now(timezone.utc).isoformat(timespec="seconds"), "node": NODE_ID, "name": name, "words": words}
    with writing:
        ENTRIES_FILE.parent.mkdir(parents=True, exist_ok=True)
        with ENTRIES_FILE.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


def signed_by(name):
    """The visitor's next signature, as a merge patch of the session."""
    return lambda content: {"name": name, "signed": content.get("signed", 0) + 1}


def greeting(session):
    if session is None:
        return ""
    name, signed = html.escape(str(session.content.get("name", ""))), session.content.get("signed", 0)
    return f"""<form method="post" action="/forget">Welcome back, {name}: you have signed {signed} times. <button>Forget me</button></form>"""


def page(title, entries, session):
    shown = "".join(
        f"<li><b>{html.escape(entry['name'])}</b>: {html.escape(entry['words'])} <small>{html.escape(entry['at'])}</small></li>\n"
        for entry in reversed(entries[-SHOWN_ENTRIES:])
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>
<body><h1>{html.escape(title)}</h1>
{greeting(session)}
<form method="post" action="/entries"><input name="name" placeholder="Your name" required>
<input name="words" placeholder="Your words" required> <button>Sign</button></form>
<ul>
{shown}</ul>
<footer>Served by node <code>{html.escape(NODE_ID)}</code></footer></body></html>
"""


class GuestBook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_SECONDS
    title = "Guest book"

    def do_GET(self):
        if self.path == "/health":
            self.answer(200, "application/json", json.dumps({"ok": True}))
        elif self.path == "/entries":
            self.answer(200, "application/json", json.dumps({"node": NODE_ID, "entries": read_entries()}))
        elif self.path == "/":
            self.with_session(lambda session: self.answer(200, "text/html; charset=utf-8", page(self.title, read_entries(), session)))
        else:
            self.answer(404, "text/plain", "No such page.\n")

    def do_POST(self):
        # What is refused unread must not be taken for the next request.
        self.close_connection = True
        if self.path == "/entries":
            self.sign()
        elif self.path == "/forget":
            self.with_session(self.forget)
        else:
            self.answer(404, "text/plain", "No such page.\n")

    def sign(self):
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return self.answer(413, "text/plain", f"Must have a length of at most {MOST_BYTES} bytes.\n")
        form = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        name, words = (form.get(key, [""])[0].strip() for key in ("name", "words"))
        if not name or not words:
            return self.answer(400, "text/plain", "name and words: must not be empty.\n")
        return self.with_session(lambda session: self.write(session, name, words))

    def write(self, session, name, words):
        """The session first: when it cannot be changed, nothing is written, and the visitor may send the same again."""
        cookies = {}
        if sessions.SESSION_URL:
            edit = signed_by(name)
            session = sessions.update(session, edit) or sessions.make(edit({}))
            cookies = {ID_COOKIE: session.id, VERSION_COOKIE: session.version}
        write_entry(name, words)
        self.answer(303, "text/plain", "", {"location": "/"}, cookies)

    def forget(self, session):
        if session is not None:
            sessions.destroy(session.id)
        self.answer(303, "text/plain", "", {"location": "/"}, {ID_COOKIE: "", VERSION_COOKIE: ""})

    def with_session(self, act):
        """Acts with the visitor's session, None for a stranger. 503 while nobody can say which."""
        try:
            act(self.session())
        except sessions.SessionsAway as error:
            print(f"guestbook: no session: {error}", flush=True)
            self.answer(503, "text/plain", "Your session is not to be had at the moment. Please try again.\n", {"retry-after": "1"})

    def session(self):
        if not sessions.SESSION_URL:
            return None
        try:
            cookies = SimpleCookie(self.headers.get("cookie", ""))
        except CookieError:
            return None
        carried = {name: cookie.value for name, cookie in cookies.items()}
        return sessions.find(carried[ID_COOKIE], carried.get(VERSION_COOKIE)) if carried.get(ID_COOKIE) else None

    def answer(self, status, content_type, text, headers=None, cookies=None):
        body = text.encode("utf-8")
        self.send_response(status)
        for key, value in {"content-type": content_type, "content-length": str(len(body)), **(headers or {})}.items():
            self.send_header(key, value)
        for key, value in (cookies or {}).items():
            secure = "; Secure" if self.headers.get("x-forwarded-proto") == "https" else ""
            ended = "" if value else "; Max-Age=0"
            self.send_header("set-cookie", f"{key}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{ended}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """The gate logs what goes wrong; one line for each request is not needed twice."""


class Server(ThreadingHTTPServer):
    # Open requests are finished before the process ends.
    daemon_threads = False
    request_queue_size = 128


def main():
    GuestBook.title = read_settings(SETTINGS_FILE.read_text("utf-8")).get("title", GuestBook.title)
    server = Server(("127.0.0.1", PORT), GuestBook)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"guestbook: serving on 127.0.0.1:{PORT}", flush=True)
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    main()
