/** Loud silence: failures and silence reach a real web server, once, and never with a secret in the log. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { loadConfig } from '../../src/config.ts';
import { secretHider } from '../../src/redact.ts';
import type { AlarmEvent } from '../../src/scheduler/webhook.ts';
import { Webhook } from '../../src/scheduler/webhook.ts';
import { startApi } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';
import type { Torn } from '../support/torn.ts';
import { eventually, fail, LEVEL, openScheduler, recorder } from './support/in-process.ts';
import { freshSchedules } from './support/schedules.ts';

const DAY_MS = 86_400_000;
const KEY = 'robot-key-0123456789abcdef0123456789';
const SECRET = 'SEC-signing-secret-of-the-robot';

interface Told {
  url: URL;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent
  body: any;
}

/** A web server that keeps what it is told. @param answer of each request, by its number */
async function robot(
  t: Torn,
  answer: (n: number) => [status: number, body: string] = () => [200, '{"errcode":0}'],
) {
  const told: Told[] = [];
  const server = createServer(async (request: IncomingMessage, reply) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    told.push({ url: new URL(request.url ?? '', 'http://robot'), body: JSON.parse(text) });
    const [status, body] = answer(told.length);
    reply.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { told, url: `http://127.0.0.1:${port}/robot/send?access_token=${KEY}` };
}

const EVENT: AlarmEvent = {
  event: 'job_failed',
  job_id: 'sync_daily_by_date',
  message: 'sync_daily_by_date failed: network: no answer',
  at: '2026-11-21T10:00:00.000Z',
  task_id: 'a-task',
};

t.test('JSON, and the text of each robot, signed where it has a secret', async (t) => {
  const { told, url } = await robot(t);
  const { log } = recorder();
  const send = async (ALERT_WEBHOOK_FORMAT: string, ALERT_WEBHOOK_SECRET = '') => {
    const settings = { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_FORMAT, ALERT_WEBHOOK_SECRET };
    t.equal(await new Webhook(loadConfig(settings), log).send(EVENT), true, ALERT_WEBHOOK_FORMAT);
    return told.at(-1) as Told;
  };
  t.strictSame((await send('json')).body, EVENT);
  const text = `Dayline: ${EVENT.message}`;
  const wecom = await send('wecom');
  t.strictSame(wecom.body, { msgtype: 'text', text: { content: text } });
  t.equal(wecom.url.searchParams.get('access_token'), KEY);

  t.strictSame((await send('dingtalk')).url.searchParams.get('sign'), null);
  const ding = await send('dingtalk', SECRET);
  t.strictSame(ding.body, { msgtype: 'text', text: { content: text } });
  const timestamp = ding.url.searchParams.get('timestamp');
  const sign = createHmac('sha256', SECRET).update(`${timestamp}\n${SECRET}`).digest('base64');
  t.equal(ding.url.searchParams.get('sign'), sign);
  t.equal(ding.url.searchParams.get('access_token'), KEY);
  t.ok(Math.abs(Number(timestamp) - Date.now()) < 60_000, 'milliseconds');

  t.strictSame((await send('feishu')).body, { msg_type: 'text', content: { text } });
  const feishu = (await send('feishu', SECRET)).body;
  t.equal(feishu.sign, createHmac('sha256', `${feishu.timestamp}\n${SECRET}`).digest('base64'));
  t.ok(Math.abs(Number(feishu.timestamp) - Date.now() / 1000) < 60, 'seconds');
});

t.test('a robot that is away or refuses is tried again; no log line holds its key', async (t) => {
  const { told, url } = await robot(t, (n) =>
    n === 1 ? [500, 'broken'] : [200, '{"errcode":310000,"errmsg":"x"}'],
  );
  const { log, lines } = recorder();
  const config = loadConfig({
    ALERT_WEBHOOK_URL: url,
    ALERT_WEBHOOK_FORMAT: 'dingtalk',
    ALERT_WEBHOOK_SECRET: SECRET,
  });
  t.equal(await new Webhook(config, log).send(EVENT), false);
  t.equal(told.length, 3);
  t.match(lines, [{ level: LEVEL.error, fault: 'the robot refused with code 310000' }]);
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const nobody = loadConfig({ ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/hook/${KEY}` });
  const away = new Webhook(nobody, log);
  t.equal(await away.send(EVENT), false);
  t.match(lines[1], { fault: 'ECONNREFUSED' });
  const printed = JSON.stringify(lines);
  for (const secret of [KEY, SECRET, 'access_token']) t.notOk(printed.includes(secret), 'not in the log');
  const hidden = secretHider(config)(`POST ${url}, that is ${KEY} and ${SECRET}`);
  t.notOk(hidden.includes(KEY) || hidden.includes(SECRET), 'and it would be masked');
  t.equal(await new Webhook(loadConfig({}), log).send(EVENT), true, 'none is set');
  t.throws(() => new Webhook(loadConfig({ ALERT_WEBHOOK_URL: 'ftp://robot' }), log), /must begin with http/);
});

t.test('a failed run, a silent job and a calendar at its end: told, once a day in the cluster', async (t) => {
  const [schedules, server, { told, url }] = await Promise.all([freshSchedules(t), freshRedis(t), robot(t)]);
  const { configs, config, log } = schedules;
  const yearly = { cron_expression: '0 0 1 1 *', interval_minutes: null, timezone: 'UTC' };
  const daily = { cron_expression: '0 18 * * *', interval_minutes: null, timezone: 'Asia/Shanghai' };
  for (const job_id of ['ticks', 'other']) await configs.upsert(job_id, job_id, { timing: daily });
  await configs.upsert('failing', 'failing', { timing: yearly });
  const success = (job_id: string, days: number) => ({
    job_id,
    task_id: `${job_id}-${days}`,
    started_at: Date.now() - days * DAY_MS,
    finished_at: Date.now() - days * DAY_MS,
    status: 'SUCCESS' as const,
    error_message: null,
    report: null,
  });
  await log.update(success('ticks', 14.2));
  await log.update(success('other', 0.2));
  const settings = { ALERT_WEBHOOK_URL: url };
  const tradingDays = { closedDay: async () => null, daysLeft: async () => 12 };
  const open = (supervisor_id: string) =>
    openScheduler(t, server.url, config.DATABASE_URL, { supervisor_id, tradingDays }, settings);
  const first = await open('sup-a');
  await first.scheduler.start(fail);
  const events = () => told.map(({ body }) => `${body.event} ${body.job_id}`).sort();
  await eventually('two alarms', () => told.length === 2);
  t.strictSame(events(), ['calendar_ends null', 'job_silent ticks']);
  t.match(told.find(({ body }) => body.event === 'job_silent')?.body, {
    message: 'ticks has had no success for 14.2 days.',
  });
  const warnings = (lines: typeof first.log) =>
    lines.filter(({ level, code }) => level === LEVEL.warn && code).map(({ code }) => code);
  t.strictSame(warnings(first.log), ['job_silent', 'calendar_ends']);

  await first.scheduler.stop();
  const second = await open('sup-b');
  await second.scheduler.start(fail);
  await eventually('the next leader says it too', () => warnings(second.log).length === 2);

  const task_id = (
    await second.queue.submit([
      {
        dataset: 'fails',
        mode: 'full',
        job_type: 'fails.full',
        params: {},
        priority: 1,
        max_attempts: 1,
        timeout_seconds: 60,
      },
    ])
  )[0]?.task_id as string;
  await schedules.firings.note('failing', task_id, 'person');
  const [claimed] = await second.queue.claim({ supervisor_id: 'x', free: 1, lease_ms: 60_000 });
  await second.queue.finish([
    {
      task_id,
      supervisor_id: 'x',
      fence: claimed?.fence ?? 0,
      outcome: { kind: 'failed', error_type: 'network', error_message: 'no answer' },
    },
  ]);
  await eventually('the failure', () => told.length === 3);
  t.match(told[2]?.body, {
    event: 'job_failed',
    job_id: 'failing',
    task_id,
    message: 'failing failed: network: no answer',
  });
  t.strictSame(events(), ['calendar_ends null', 'job_failed failing', 'job_silent ticks'], 'nothing twice');
});

t.test('/health is degraded by a silent job, a broken schedule and a calendar at its end', async (t) => {
  const [schedules, redis] = await Promise.all([freshSchedules(t), freshRedis(t)]);
  const { store, configs, config, log } = schedules;
  const settings = { REDIS_URL: redis.url, DATABASE_URL: config.DATABASE_URL };
  const api = await startApi(t, settings);
  /** Asked again while Postgres does not tell in time: a busy machine. */
  const healthOf = (from = api) =>
    eventually('what Postgres tells', async () => {
      const { body } = await from.get('/health');
      return body.schedules.enabled !== null && body;
    });
  const ours = ['job_silent', 'schedule_broken', 'calendar_ends'];
  const codes = async (from = api) =>
    (await healthOf(from)).reasons
      .map(({ code }: { code: string }) => code)
      .filter((code: string) => ours.includes(code));
  t.strictSame(await codes(), []);
  t.match((await healthOf()).schedules, { enabled: 4, silent: [], calendar_days_left: null });

  await store.pool.query(
    `UPDATE scheduler_job_config SET scheduled_at = now() - interval '15 days' WHERE job_id = 'sync_daily_by_date'`,
  );
  const health = await healthOf();
  t.match(health.reasons.at(-1), {
    code: 'job_silent',
    message: 'sync_daily_by_date has never succeeded, and was scheduled 15 days ago.',
  });
  t.equal(health.status, 'degraded');
  t.strictSame(health.schedules.silent, ['sync_daily_by_date']);
  const jobs = (await api.get('/api/v1/scheduler/jobs')).body.data.jobs;
  t.match(jobs[1], { job_id: 'sync_daily_by_date', silent: true, days_since_success: null });
  t.strictSame(await codes(await startApi(t, { ...settings, SCHEDULE_SILENT_DAYS: '16' })), []);

  await log.update({
    job_id: 'sync_daily_by_date',
    task_id: 'x',
    started_at: Date.now() - 1_000,
    finished_at: Date.now(),
    status: 'SUCCESS',
    error_message: null,
    report: null,
  });
  t.strictSame(await codes(), [], 'one success ends it');
  t.match((await api.get('/api/v1/scheduler/jobs')).body.data.jobs[1], {
    silent: false,
    days_since_success: 0,
  });

  await store.pool.query(
    `INSERT INTO trade_cal (exchange, cal_date, is_open) SELECT 'SSE', (now() AT TIME ZONE 'Asia/Shanghai')::date + 29, 1`,
  );
  await configs.disable('sync_stock_basic');
  await store.pool.query(
    `UPDATE scheduler_job_config SET timezone = 'Nowhere' WHERE job_id IN ('sync_concept_data', 'sync_stock_basic')`,
  );
  t.strictSame(
    await codes(),
    ['schedule_broken', 'calendar_ends'],
    'a broken row that is stopped does no harm',
  );
  await store.pool.query(`UPDATE trade_cal SET cal_date = cal_date + 1`);
  t.match((await healthOf()).schedules, { calendar_days_left: 30 });
  t.strictSame(await codes(), ['schedule_broken']);
});
