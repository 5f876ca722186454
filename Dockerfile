# The pages of Vigie, for Cloud Run or any container engine: docker build --tag vigie .
# What it shows is said by VIGIE_WAREHOUSE and the other settings (`vigie settings` lists them).

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_COMPILE=1
RUN python -m venv /opt/vigie
ENV PATH=/opt/vigie/bin:$PATH
WORKDIR /src
# The dependencies change less often than the code: a layer of their own. Wheels only, so nothing is compiled here.
COPY requirements.lock ./
RUN pip install --require-hashes --only-binary :all: --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY qod ./qod
COPY dashboard ./dashboard
COPY pages ./pages
COPY queries ./queries
COPY assets ./assets
RUN pip install --no-deps --no-build-isolation . \
 && python -m compileall -q -j 0 /opt/vigie/lib

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /home/vigie --create-home vigie
COPY --from=build /opt/vigie /opt/vigie
ENV PATH=/opt/vigie/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORT=8080
WORKDIR /home/vigie
USER 10001
EXPOSE 8080
# exec: the server itself gets the signal that ends the container.
CMD ["sh", "-c", "exec vigie serve --host 0.0.0.0 --port \"${PORT}\""]
