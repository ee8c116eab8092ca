/**
 * The deployment contains Redis and separate supervisors (R18). No container engine is here: the files go through
 * their linters and a YAML parser, and the commands they name are run with the settings they name, against real servers.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import t from 'tap';
import { parse, parseAllDocuments } from 'yaml';
import { assertMayListen } from '../../src/api/auth.ts';
import { loadConfig, SettingsSchema } from '../../src/config.ts';
import { freePort } from '../../src/embedded/port.ts';
import { exists, READMES, read } from '../docs/support.ts';
import { program } from '../support/cli.ts';
import { freshFolder } from '../support/folder.ts';
import { freshDatabase } from '../support/postgres.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { composeFaults, dockerfileFaults, kubernetesFaults } from './support/linters.ts';

type Env = Record<string, string>;
interface Service {
  command?: string[];
  environment?: Env;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  ports?: string[];
  [more: string]: unknown;
}
// biome-ignore lint/suspicious/noExplicitAny: a manifest of Kubernetes has no type here
type Manifest = any;

const GIVEN: Env = {
  POSTGRES_PASSWORD: 'p1',
  TUSHARE_TOKEN: 'token',
  API_OPERATE_TOKENS: 'op',
};
const services: Record<string, Service> = parse(read('compose.yaml'), { merge: true }).services;
const manifests: Manifest[] = ['dayline', 'stores'].flatMap((name) =>
  parseAllDocuments(read(`deploy/kubernetes/${name}.yaml`)).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  }),
);
const PROGRAMS = {
  migrate: 'src/bin/cli.ts migrate',
  web: 'src/bin/web.ts',
  supervisor: 'src/bin/supervisor.ts',
};

/**Settings of a service, with ${NAME:?why} and ${NAME:-default} as compose fills them in. */
function filled(env: Env = {}): Env {
  const fill = (_: string, name: string, kind: string, rest: string) =>
    GIVEN[name] ?? (kind === ':-' ? rest : '');
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value.replace(/\$\{(\w+)(:[?-])([^}]*)\}/g, fill)]),
  );
}

/** The secret as the first lines of the manifest make it. */
const SECRET = Object.fromEntries(
  [...read('deploy/kubernetes/dayline.yaml').matchAll(/--from-literal=(\w+)=(<[^>]+>|\S+)/g)].map((found) =>
    found.slice(1),
  ),
) as Env;

/** The variables of a container of Kubernetes. */
function variables({ envFrom }: Manifest): Env {
  const map = manifests.find(({ kind }) => kind === 'ConfigMap');
  const sources = envFrom.map(({ configMapRef, secretRef }: Manifest) => {
    t.equal((configMapRef ?? secretRef).name, 'dayline');
    return configMapRef ? map.data : SECRET;
  });
  return Object.assign({}, ...sources);
}

const pods = manifests
  .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
  .map(({ metadata, spec }) => ({ name: metadata.name, replicas: spec.replicas, ...spec.template.spec }));
const pod = (name: string): Manifest => pods.find((one) => one.name === name);
const ours = pods.flatMap(({ name, containers, initContainers = [] }) =>
  [...initContainers, ...containers]
    .filter(({ image }) => image === 'dayline')
    .map((one) => ({ ...one, pod: name })),
);

t.test('their linters find nothing, and would find what is broken', async (t) => {
  t.same(composeFaults('compose.yaml'), []);
  t.same(dockerfileFaults(read('Dockerfile')), []);
  for (const name of ['dayline', 'stores'])
    t.same(await kubernetesFaults(read(`deploy/kubernetes/${name}.yaml`)), [], name);

  const folder = freshFolder(t, 'linted');
  const broken = (file: string, right: string, wrong: string) => {
    t.match(read(file), right, file);
    return read(file).replace(right, wrong);
  };
  for (const [right, wrong] of [
    ['depends_on:', 'depend_on:'],
    ['service_healthy', 'service_is_healthy'],
  ] as const) {
    const file = path.join(folder, 'compose.yaml');
    fs.writeFileSync(file, broken('compose.yaml', right, wrong));
    t.match(composeFaults(file), [/invalid-schema/], wrong);
  }
  for (const [right, wrong, said] of [
    ['COPY --from=dashboard', 'COPY --form=dashboard', /Unknown flag: form/],
    ['EXPOSE 8710', 'EXPOSE web', /Invalid containerPort/],
    ['USER node', 'USR node', /Unknown instruction: USR/],
  ] as const)
    t.match(dockerfileFaults(broken('Dockerfile', right, wrong)), [said], wrong);
  for (const [right, wrong, said] of [
    ['replicas: 1', 'replicas: one', /replicas must be integer/],
    ['  selector:', '  selektor:', /selektor is no field/],
    ['readinessProbe:', 'readynessProbe:', /readynessProbe is no field/],
    ['kind: Deployment', 'kind: Deploiment', /apps\/v1 has no Deploiment/],
  ] as const) {
    const faults = await kubernetesFaults(broken('deploy/kubernetes/dayline.yaml', right, wrong));
    t.ok(
      faults.some((fault) => said.test(fault)),
      `${wrong}: ${faults}`,
    );
  }
});

t.test('compose: Redis, Postgres, migration, web and supervisors that can be scaled', async (t) => {
  t.same(Object.keys(services).sort(), ['migrate', 'postgres', 'redis', 'supervisor', 'web']);
  for (const [name, words] of Object.entries(PROGRAMS))
    t.equal(services[name]?.command?.join(' '), `node ${words}`, name);
  t.notOk(
    services.supervisor?.ports ?? services.supervisor?.container_name,
    '--scale supervisor=2 has nothing to collide on',
  );
  for (const name of ['web', 'supervisor'])
    t.match(services[name]?.depends_on, {
      migrate: { condition: 'service_completed_successfully' },
      redis: { condition: 'service_healthy' },
    });
  for (const name of ['redis', 'postgres', 'web']) t.equal(services[name]?.healthcheck?.test[0], 'CMD', name);
  t.match(services.web?.ports, [/^127\.0\.0\.1:/], 'nobody else reaches it unasked');
  t.match(read('compose.yaml'), '--scale supervisor=2');
  for (const file of READMES) t.match(read(file), /docker compose up .*--scale supervisor=2/, file);
});

t.test('Kubernetes: the same parts, probed, with time to hand tasks back', async (t) => {
  t.same(pods.map(({ name }) => name).sort(), [
    'dayline-postgres',
    'dayline-redis',
    'dayline-supervisor',
    'dayline-web',
  ]);
  t.same(
    ours.map(({ pod, command }) => [pod, command.join(' ')]),
    [
      ['dayline-web', `node ${PROGRAMS.migrate}`],
      ['dayline-web', `node ${PROGRAMS.web}`],
      ['dayline-supervisor', `node ${PROGRAMS.migrate}`],
      ['dayline-supervisor', `node ${PROGRAMS.supervisor}`],
    ],
  );
  t.ok(pod('dayline-supervisor').replicas >= 2);
  t.ok(pod('dayline-supervisor').terminationGracePeriodSeconds > 25);
  for (const name of ['dayline-web', 'dayline-redis', 'dayline-postgres'])
    t.ok(pod(name).containers[0].readinessProbe && pod(name).containers[0].livenessProbe, name);
  const hosts = manifests.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name);
  const { DATABASE_URL = '', REDIS_URL = '' } = variables(ours[0]);
  for (const url of [DATABASE_URL, REDIS_URL]) t.ok(hosts.includes(new URL(url).hostname), url);
  for (const { name, containers } of pods)
    for (const { env = [] } of containers)
      for (const { valueFrom } of env.filter((one: Manifest) => one.valueFrom))
        t.ok(valueFrom.secretKeyRef.key in SECRET, `${name}: ${valueFrom.secretKeyRef.key}`);
});

t.test('every setting that is named exists, and what comes out can be used', async (t) => {
  const ofTheStores = ['POSTGRES_PASSWORD', 'REDIS_PASSWORD'];
  const all: [name: string, env: Env][] = [
    ...['migrate', 'web', 'supervisor'].map((name): [string, Env] => [
      name,
      filled(services[name]?.environment),
    ]),
    ...ours.map((container): [string, Env] => [`${container.pod} ${container.name}`, variables(container)]),
  ];
  for (const [who, env] of all) {
    for (const [name, value] of Object.entries(env)) {
      t.ok(name in SettingsSchema.properties || ofTheStores.includes(name), `${who}: ${name}`);
      t.equal(typeof value, 'string', `${who}: ${name} has a value`);
    }
    const config = loadConfig(env);
    t.ok(config.DATABASE_URL && config.REDIS_URL && config.TUSHARE_TOKEN, who);
    t.doesNotThrow(() => assertMayListen(config), `${who}: with its tokens web may listen on ${config.HOST}`);
  }
  t.equal(loadConfig(filled(services.web?.environment)).HOST, '0.0.0.0', 'other containers reach it');
});

t.test('the image is Node 24 with everything that its commands need', async (t) => {
  const dockerfile = read('Dockerfile');
  t.match(dockerfile, /^FROM node:24-slim$/m);
  t.match(dockerfile, /^USER node$/m);
  t.match(dockerfile, new RegExp(`^CMD \\["node", "${PROGRAMS.web}"\\]$`, 'm'));
  const kept = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, name]) => name as string);
  for (const name of kept) t.ok(exists(name), name);
  for (const name of ['src', 'workers', 'migrations', 'bootstrap', 'package-lock.json'])
    t.ok(kept.includes(name), name);
});

t.test('Redis with the flags of the manifests keeps its data and evicts nothing', async (t) => {
  const { file, env } = JSON.parse(process.env.DAYLINE_TEST_REDIS ?? '');
  const kubernetes: string[] = pod('dayline-redis').containers[0].command;
  for (const [program, ...flags] of [services.redis?.command ?? [], kubernetes]) {
    t.equal(program, 'redis-server');
    const port = await freePort();
    const own = ['--bind', '127.0.0.1', '--port', String(port), '--dir', freshFolder(t, 'redis')];
    const server = spawn(file, [...flags, ...own], {
      env: { PATH: process.env.PATH, ...env },
      stdio: 'ignore',
    });
    t.teardown(() => server.kill('SIGKILL'));
    const password = flags.includes('--requirepass') ? '$(REDIS_PASSWORD)' : undefined;
    const redis = new Redis({ port, host: '127.0.0.1', ...(password && { password }) });
    redis.on('error', () => {}); // until it listens
    t.teardown(() => redis.disconnect());
    t.same(await redis.config('GET', 'appendonly'), ['appendonly', 'yes']);
    t.same(await redis.config('GET', 'maxmemory-policy'), ['maxmemory-policy', 'noeviction']);
  }
});

t.test('the commands of compose, with its settings, bring up a working Dayline', async (t) => {
  const [redis, database] = await Promise.all([freshRedis(t), freshDatabase(t)]);
  const here = { REDIS_URL: redis.url, DATABASE_URL: database.url, HOST: '127.0.0.1', PORT: '0' };
  const envOf = (name: string) => ({ ...filled(services[name]?.environment), ...here });
  t.match(await program(t, 'cli.ts', ['migrate'], envOf('migrate')).ended, { code: 0 });
  const web = program(t, 'web.ts', [], envOf('web'));
  const [, url] = (await web.prints(/Dayline is at \S+\n/)).match(/at (http:[^"\s]+)/) ?? [];
  const probe = services.web?.healthcheck?.test
    .slice(2)
    .map((word) => word.replace('http://127.0.0.1:8710', url ?? ''));
  const check = spawn(process.execPath, probe);
  t.equal(await new Promise((resolve) => check.once('exit', resolve)), 0, 'the health check');
  await Promise.all([1, 2].map(() => startSupervisor(t, { ...envOf('supervisor'), DATASETS_PATH: '' })));
  const health = (await (await fetch(`${url}/health`)).json()) as object;
  t.match(health, {
    status: 'ok',
    supervisors: { alive: 2 },
    redis: { eviction: 'never', append_only: 'on' },
  });
});
