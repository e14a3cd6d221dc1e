# Built in one stage, run in another without compiler, sources or root.
FROM rust:1.95-bookworm AS build
WORKDIR /src
# .dockerignore leaves out what the build does not need.
COPY . .
RUN cargo build --release --locked --bin wildlands

# The image of the database in compose.yaml: what makes and restores a backup is in it and has the server's own version,
# and its layers are on the machine already. Debian 12, with which the program is built, or a newer one.
FROM postgres:16
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 --shell /usr/sbin/nologin wildlands
COPY --from=build /src/target/release/wildlands /usr/local/bin/wildlands
USER wildlands
WORKDIR /home/wildlands
# Masks, bars and names beyond ASCII are shown.
ENV LANG=C.UTF-8
# The database's image asks for another.
STOPSIGNAL SIGTERM
ENTRYPOINT ["wildlands"]
