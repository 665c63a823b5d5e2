"""The ASGI application for servers: `uvicorn service.asgi:application`.

Expects a library that `hoclieu migrate` has brought up to date.
"""

from service.app import create
from service.compose import services
from service.settings import load

parts = services(load())
parts.objects.begin(parts.settings.repository_id)
application = create(parts)
