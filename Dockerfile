# The reference application. It keeps its database, and the secret it makes on the first run, in /data:
#   docker build -t curfew . && docker run -p 3000:3000 -v curfew:/data curfew
# Cookies need https, or localhost: put it behind a proxy, and see CURFEW_TRUSTED_PROXIES in docs/operations.md.

FROM node:24-slim AS build
WORKDIR /curfew
COPY . .
# The pages; what dist/app is a link to is copied as it is.
RUN node setup.mjs app && cp -rL dist/app pages

FROM node:24-slim
WORKDIR /curfew
COPY package.json package-lock.json LICENSE ./
COPY server/app/package.json server/app/package.json
RUN npm install --omit=dev --ignore-scripts --no-audit --no-fund && npm install --prefix server/app --omit=dev --ignore-scripts --no-audit --no-fund
COPY machines machines
COPY server server
COPY --from=build /curfew/pages dist/app
RUN install -d -o node -g node /data
USER node
VOLUME /data
EXPOSE 3000
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 CURFEW_DATABASE=file:/data/curfew.db
HEALTHCHECK CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/app/main.ts"]
