"""Headers that every answer carries, and compression of what is text.

Written as plain ASGI: it sees each answer once, streamed files too, and never
holds a body. A door that has said something stricter keeps it.
"""

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.accept import weights

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ANYWHERE = "frame-ancestors *"
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # Chrome 64 to 79 know X-Frame-Options better than frame-ancestors in a sandboxed answer.
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def with_origin(origin: str) -> dict[str, str]:
    """HEADERS with one more origin for pictures and recordings: a policy counts for the end of a redirect too."""
    policy = CONTENT_SECURITY_POLICY
    for kind in ("img-src", "media-src") if origin else ():
        policy = policy.replace(f"{kind} 'self'", f"{kind} 'self' {origin}")
    return {**HEADERS, "Content-Security-Policy": policy}


def worker_policy(origin: str) -> str:
    """Of the script that stands between pages and network: what they show from the other origin, it fetches."""
    return CONTENT_SECURITY_POLICY.replace("connect-src 'self'", f"connect-src 'self' {origin}".rstrip())


class SecurityHeaders:
    """Adds HEADERS where an answer does not set them itself."""

    def __init__(self, app: ASGIApp, files_from: str = "") -> None:
        """files_from: another origin that pictures and recordings are redirected to."""
        self.app = app
        self.headers = with_origin(files_from)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if ANYWHERE in headers["Content-Security-Policy"]:
                    # What is made for frames elsewhere says so in its policy; the older header knows no such word.
                    del headers["X-Frame-Options"]
            await send(message)

        await self.app(scope, receive, send_guarded if scope["type"] == "http" else send)


class Compression:
    """Gzip for pages, styles and JSON; stored bytes pass as they are, since ranges count their own bytes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        # Level 6: 2 % larger than 9 at half the time, measured on a search page.
        self.packed = GZipMiddleware(app, minimum_size=500, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        of_a_file = path.endswith(("/files.zip", ".gz")) or ("/files/" in path and not path.endswith((".vtt", ".txt")))
        stored = scope["type"] != "http" or of_a_file
        await (self.app if stored else self.packed)(scope if stored else _refusing(scope), receive, send)


def _refusing(scope: Scope) -> Scope:
    """The request without `Accept-Encoding` where that names gzip to refuse it: what packs looks for the word alone."""
    said = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding")
    if b"gzip" not in said or weights(said.decode("latin-1")).get("gzip", 0.0) > 0:
        return scope
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
