# syntax=docker/dockerfile:1
# Two stages: pip works in the first; the image that runs holds no build tools and no cache.
FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt .
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt \
 && /opt/venv/bin/pip uninstall --yes --quiet pip setuptools

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home coachbot
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DEBUG=0 \
    STATIC_ROOT=/app/staticfiles \
    WEB_BIND=0.0.0.0:8000
# The settings want secrets; these are thrown away with the shell that made them.
RUN SECRET_KEY=$(python -c 'import secrets; print(secrets.token_hex(32))') \
    ENCRYPTION_KEY=$(python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())') \
    python manage.py collectstatic --noinput \
 && python -m compileall -q coachbot leads workspaces
USER coachbot
EXPOSE 8000
CMD ["gunicorn"]
