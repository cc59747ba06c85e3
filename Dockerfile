# The bot with the shipped knowledge; its home is the volume /data.
FROM python:3.11-slim

WORKDIR /app
ENV UV_SYSTEM_PYTHON=1 UV_TORCH_BACKEND=cpu UV_COMPILE_BYTECODE=1 UV_NO_CACHE=1
RUN pip install --no-cache-dir uv==0.13.8

COPY requirements.txt ./
RUN uv pip install -r requirements.txt

COPY pyproject.toml README.md LICENSE ./
COPY knowledge knowledge
COPY ingest ingest
COPY bot bot
RUN uv pip install --no-deps -e . \
 && useradd --system niangjia \
 && install -d -o niangjia /data

USER niangjia
ENV NIANGJIA_HOME=/data HOST=0.0.0.0 PORT=8000
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz')"]
CMD ["niangjia", "serve"]
