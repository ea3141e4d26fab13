"""A guest book on the nplus1 application contract, with nothing but Python's standard library."""

import html
import json
import os
import signal
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

PORT = int(os.environ.get("PORT", "8082"))
NODE_ID = os.environ.get("NODE_ID", "local")
SETTINGS_FILE = Path(os.environ.get("SETTINGS_DIR", ".")) / "conf" / "guestbook.properties"
ENTRIES_FILE = Path(os.environ.get("DATA_DIR", ".")) / "var" / "guestbook.jsonl"

MOST_BYTES = 10_000
SHOWN_ENTRIES = 50
# Seconds a client may be silent within a request.
PATIENCE_SECONDS = 30

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


def page(title, entries):
    shown = "".join(
        f"<li><b>{html.escape(entry['name'])}</b>: {html.escape(entry['words'])} <small>{html.escape(entry['at'])}</small></li>\n"
        for entry in reversed(entries[-SHOWN_ENTRIES:])
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>
<body><h1>{html.escape(title)}</h1>
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
            self.answer(200, "text/html; charset=utf-8", page(self.title, read_entries()))
        else:
            self.answer(404, "text/plain", "No such page.\n")

    def do_POST(self):
        # What is refused unread must not be taken for the next request.
        self.close_connection = True
        length = self.headers.get("content-length", "")
        if self.path != "/entries":
            return self.answer(404, "text/plain", "No such page.\n")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return self.answer(413, "text/plain", f"Must have a length of at most {MOST_BYTES} bytes.\n")
        form = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        name, words = (form.get(key, [""])[0].strip() for key in ("name", "words"))
        if not name or not words:
            return self.answer(400, "text/plain", "name and words: must not be empty.\n")
        write_entry(name, words)
        return self.answer(303, "text/plain", "", {"location": "/"})

    def answer(self, status, content_type, text, headers=None):
        body = text.encode("utf-8")
        self.send_response(status)
        for key, value in {"content-type": content_type, "content-length": str(len(body)), **(headers or {})}.items():
            self.send_header(key, value)
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
