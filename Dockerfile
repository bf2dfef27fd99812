# Built from a checkout: docker build -t serai .
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY pom.xml .
COPY src src
COPY schema schema
RUN mvn -B -ntp -DskipTests package

FROM eclipse-temurin:17-jre
RUN useradd --system --create-home --home-dir /serai serai
WORKDIR /serai
COPY --from=build /src/target/lib target/lib
COPY --from=build /src/target/serai-*.jar target/
COPY serai application.properties ./
COPY routes routes
COPY tables tables
RUN mkdir data && chown serai data
USER serai
EXPOSE 8080
VOLUME /serai/data
HEALTHCHECK --interval=10s --timeout=3s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '\"healthy\"' <&3"]
ENTRYPOINT ["./serai", "run"]
