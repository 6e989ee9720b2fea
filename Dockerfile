# One image for fakes, service and checks: `docker build -t strikeplate .`; its command is strikeplate's own.
# requirements-image.lock has what the wheel needs with the extras service and clock, and their hashes.
FROM debian:bookworm-slim AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils python3.11-venv \
    && rm -rf /var/lib/apt/lists/*
RUN python3.11 -m venv /strikeplate
COPY requirements-image.lock /src/
RUN /strikeplate/bin/pip install --no-cache-dir --no-compile --require-hashes --requirement /src/requirements-image.lock
COPY . /src
# Compiled once here, but for what neither fakes nor service load, so that no container
# compiles at its start; symbols for debuggers and pip stay behind
RUN /strikeplate/bin/pip install --no-cache-dir --no-compile --no-deps /src \
    && /strikeplate/bin/pip uninstall --yes pip setuptools \
    && /strikeplate/bin/python -m compileall -q -x '/(faker|pygments|_pytest)/' /strikeplate/lib/python3.11/site-packages \
    && find /strikeplate/lib -path '*/sqlalchemy/*' -name '*.so' -exec strip --strip-unneeded {} +

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="strikeplate" \
      org.opencontainers.image.licenses="Apache-2.0"
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3.11 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 strikeplate \
    && install --directory --owner strikeplate /data
COPY --from=build /strikeplate /strikeplate
ENV PATH=/strikeplate/bin:$PATH
USER 1000
WORKDIR /data
VOLUME /data
EXPOSE 8700 8800
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(os.environ.get('HEALTH_URL', 'http://127.0.0.1:8700/healthz'), timeout=2)"]
ENTRYPOINT ["strikeplate"]
CMD ["fakes", "--host", "0.0.0.0"]
