"""The ASGI application for servers: `uvicorn service.asgi:application --no-proxy-headers`.

Expects a library that `hoclieu migrate` has brought up to date. Whom to
believe about forwarded addresses is HOCLIEU_TRUSTED_PROXIES here too. With
several processes, PROMETHEUS_MULTIPROC_DIR names the empty folder in which
they count together.
"""

from service.app import create
from service.compose import services
from service.library.beginning import begin
from service.settings import load
from service.telemetry import logs

settings = load()
logs.start(settings.log_format, serving=True)
parts = services(settings)
begin(parts)
application = create(parts)
