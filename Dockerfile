# Built in one stage, run in another without compiler, sources or root.
FROM rust:1.95-bookworm AS build
WORKDIR /src
# .dockerignore leaves out what the build does not need.
COPY . .
RUN cargo build --release --locked --bin wildlands

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 --shell /usr/sbin/nologin wildlands
COPY --from=build /src/target/release/wildlands /usr/local/bin/wildlands
USER wildlands
WORKDIR /home/wildlands
# Masks, bars and names beyond ASCII are shown.
ENV LANG=C.UTF-8
ENTRYPOINT ["wildlands"]
