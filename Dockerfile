# One image for web, worker and beat; compose.yaml says which is which.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/market

COPY requirements.txt ./
RUN pip install --quiet -r requirements.txt

COPY manage.py ./
COPY marketplace marketplace
COPY accounts accounts
COPY hosting hosting
COPY templates templates
COPY locale locale

# Files are collected while the image is built; the values are only there so that the settings load.
RUN MARKETPLACE_ENV=production SECRET_KEY=only-while-building ALLOWED_HOSTS=build.invalid EMAIL_URL=smtp://build.invalid:25?tls=no \
    DATABASE_URL=postgres://build.invalid/build REDIS_URL=redis://build.invalid DATA_DIR=/srv/build \
    python manage.py collectstatic --no-input --verbosity 0 && rm -rf /srv/build

RUN useradd --system --home-dir /srv/market market && mkdir /srv/data && chown market /srv/data
USER market
ENV MARKETPLACE_ENV=production DATA_DIR=/srv/data
EXPOSE 8000
CMD ["gunicorn", "-c", "python:marketplace.serving", "--bind", "0.0.0.0:8000", "--workers", "3", "marketplace.wsgi"]
