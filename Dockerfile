# ClipCue as a container; compose.yaml runs it, docs/run.md says how.
#
# /data holds clips, database and key; nothing else is written to but /tmp, so the root file system
# may be read-only. Stopping takes up to 20 seconds, in which what is under way is parked: give it
# --stop-timeout 30. Without a bot token the sandbox chat opens, but it answers only to its own
# machine, which is the container unless it shares the host's network.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# Without pip in it: what runs in the image installs nothing.
RUN python -m venv --without-pip /opt/clipcue
WORKDIR /src
# Dependencies first: their layer stays as long as the lock file does. PostgreSQL's driver is there.
COPY requirements.lock ./
RUN pip --python /opt/clipcue/bin/python install --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY core core
COPY sandbox sandbox
RUN pip --python /opt/clipcue/bin/python install --no-deps . \
    && pip --python /opt/clipcue/bin/python check

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="ClipCue" \
      org.opencontainers.image.description="A Telegram bot that gets a creator's clips onto TikTok at the right moment." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.authors="ClipCue contributors"
RUN groupadd --gid 10001 clipcue \
    && useradd --uid 10001 --gid clipcue --home-dir /data --no-create-home --shell /usr/sbin/nologin clipcue \
    && install --directory --owner clipcue --group clipcue --mode 700 /data
COPY --from=build /opt/clipcue /opt/clipcue
ENV PATH=/opt/clipcue/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    WEB_HOST=0.0.0.0 \
    LOG_FORMAT=json
# By number: whoever starts the image can see that it is not root.
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; web = http.client.HTTPConnection('127.0.0.1', int(os.getenv('WEB_PORT') or 8080), timeout=4); web.request('GET', '/healthz'); sys.exit(web.getresponse().status != 200)"]
# Run without a shell in between, so that `docker stop` reaches ClipCue itself.
ENTRYPOINT ["clipcue"]
CMD ["run"]
