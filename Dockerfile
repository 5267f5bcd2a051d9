# One image for web, worker, tick, migrate and backup. Three stages: browser parts, Python environment, the house.

FROM node:24-trixie-slim AS browser
WORKDIR /house
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.13-slim-trixie AS environment
WORKDIR /house
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt

FROM python:3.13-slim-trixie
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home house
WORKDIR /house
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DEBUG=false
COPY --from=environment /opt/venv /opt/venv
COPY --from=browser /house/node_modules node_modules
COPY . .
RUN mkdir -p var && python manage.py collectstatic --noinput --verbosity 0 && chown house var
USER house
EXPOSE 8000
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
