# ClipCue as a container; the README says how to build and run it.
#
# /data holds clips, database and key. Stopping takes up to 20 seconds, in which what is under way is
# parked: give it --stop-timeout 30. Without a bot token the sandbox chat opens, but it answers only
# to its own machine, which is the container unless it shares the host's network.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/clipcue
WORKDIR /src
# Dependencies first: their layer stays as long as the lock file does.
COPY requirements.lock ./
RUN /opt/clipcue/bin/pip install --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY core core
COPY sandbox sandbox
RUN /opt/clipcue/bin/pip install --no-deps . && /opt/clipcue/bin/pip check

FROM python:3.11-slim
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
USER clipcue
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import http.client, os, sys; web = http.client.HTTPConnection('127.0.0.1', int(os.getenv('WEB_PORT') or 8080), timeout=4); web.request('GET', '/healthz'); sys.exit(web.getresponse().status != 200)"]
# Run without a shell in between, so that `docker stop` reaches ClipCue itself.
ENTRYPOINT ["clipcue"]
CMD ["run"]
