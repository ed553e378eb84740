# One image for web, worker, beat and migrate; docker-compose.yml says what each runs.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

COPY requirements.txt .
RUN pip install -r requirements.txt

COPY . .
RUN useradd --system --uid 1000 --home-dir /data --create-home post
ENV DATA_DIR=/data
USER post
VOLUME /data

EXPOSE 8000
CMD ["python", "-m", "gunicorn", "newsletter.wsgi:application", "--bind", "0.0.0.0:8000"]
