# Build: the locked dependencies and the wheel, in a virtual environment that is copied whole.
FROM python:3.11-slim AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
WORKDIR /src
RUN python -m venv /tools && /tools/bin/pip install --no-cache-dir uv==0.13.9
COPY requirements.lock ./
RUN /tools/bin/uv venv /opt/kpibot && /tools/bin/uv pip sync --python /opt/kpibot/bin/python requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY kpi kpi
COPY sandbox sandbox
COPY config config
RUN /tools/bin/uv pip install --python /opt/kpibot/bin/python --no-deps .

# Run: a named user without root, a root file system that may be read-only, /data for what must stay.
FROM python:3.11-slim
RUN groupadd --gid 10001 kpibot \
 && useradd --uid 10001 --gid kpibot --home-dir /data --no-create-home --shell /usr/sbin/nologin kpibot \
 && install -d -o kpibot -g kpibot -m 0700 /data \
 && install -d /config
COPY --from=build /opt/kpibot /opt/kpibot
ENV PATH=/opt/kpibot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    KPIBOT_DATA=/data \
    KPIBOT_CONFIG=/config \
    KPIBOT_HOST=0.0.0.0 \
    KPIBOT_PORT=3000
USER kpibot
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:3000/healthz', timeout=4)"]
ENTRYPOINT ["kpibot"]
CMD ["run"]
