# One image for the fakes, the service and the harness; the command says which.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates make python3.11 python3.11-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /strikeplate
COPY requirements.lock Makefile ./
RUN make setup
COPY . .
ENV PATH=/strikeplate/.venv/bin:$PATH
# Compiled once here, so that no container compiles at its start
RUN python -m compileall -q service serving fakes strikeplate features loadtests
EXPOSE 8700 8800
CMD ["python", "-m", "fakes", "--host", "0.0.0.0"]
