/**
 * Every setting of Dayline: its environment variable, type, default, unit and why it is there. One schema gives
 * the type, the defaults, the validation and the text of `dayline settings`.
 */
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { ConfigError } from './errors.ts';

const text = (fallback: string, description: string) => Type.String({ default: fallback, description });
const flag = (fallback: boolean, description: string) => Type.Boolean({ default: fallback, description });
const whole = (fallback: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: fallback, minimum, maximum, description });

export const SettingsSchema = Type.Object(
  {
    TUSHARE_TOKEN: text('', 'Token of your TuShare account. Empty or the placeholder: not configured.'),
    TUSHARE_API_URL: text(
      'https://api.tushare.pro',
      'Base URL of TuShare, of a proxy with the same protocol, or of the simulator.',
    ),
    TUSHARE_PROXY_URL: text(
      '',
      'http:// URL of a proxy for the calls to TuShare; user and password percent-encoded. Empty: direct.',
    ),
    NO_PROXY: text(
      '',
      'Hosts that are called directly although TUSHARE_PROXY_URL is set: host, .domain or host:port, comma separated.',
    ),
    TUSHARE_HTTP_TIMEOUT_SECONDS: whole(
      30,
      1,
      300,
      'Seconds one call may take: connect, headers and body together.',
    ),
    TUSHARE_MAX_RETRIES: whole(
      3,
      0,
      20,
      'Retries of a task after its first attempt, unless the dataset or the request says otherwise.',
    ),
    TUSHARE_RATE_LIMIT_MAX_CALLS: whole(
      195,
      1,
      10_000,
      'Most calls in any trailing window, over all processes together.',
    ),
    TUSHARE_RATE_LIMIT_WINDOW_SECONDS: whole(60, 1, 3600, 'Length of that window in seconds.'),
    TUSHARE_RATE_LIMIT_SCOPE: Type.Union([Type.Literal('token'), Type.Literal('api')], {
      default: 'token',
      description: 'token: one window for all calls; api: a window of that size for every API.',
    }),
    TUSHARE_DAILY_QUOTA: text(
      '',
      'Calls a day by API, e.g. daily=100000,*=50000; an API that has used them up waits until tomorrow in Shanghai.',
    ),

    REDIS_ENABLED: flag(true, 'false turns the queue off: every submission is refused with 503.'),
    REDIS_URL: text(
      '',
      'redis:// or rediss:// URL of the queue; several nodes of a Redis Cluster, comma separated. Empty: `npm start` brings up a private one.',
    ),
    REDIS_TLS_CA: text(
      '',
      'Certificate (PEM, or the file that holds it) that rediss:// servers are checked against. Empty: the public ones.',
    ),
    REDIS_TLS_VERIFY: flag(
      true,
      'false: the certificate of rediss:// servers is not checked. For hosts with self-signed ones, as Heroku.',
    ),
    REDIS_KEY_PREFIX: text(
      'stock',
      'Hash tag that every key stands under, so that one Redis can hold several Daylines.',
    ),
    REDLOCK_URLS: text(
      '',
      '3 or 5 independent Redis URLs, comma separated, for the job type locks. Empty: REDIS_URL.',
    ),
    PGSSLMODE: text(
      '',
      'sslmode where DATABASE_URL names none: disable, require (encrypted), verify-full (and checked). Empty: disable.',
    ),
    DATABASE_URL: text('', 'postgres:// URL of your database. Empty: `npm start` brings up an embedded one.'),

    HOST: text('127.0.0.1', 'Address the web process listens on. Anything but loopback needs API tokens.'),
    PORT: whole(8710, 0, 65_535, 'Port the web process listens on; 0 takes a free one.'),
    API_READ_TOKENS: text('', 'Comma separated tokens that may read: secret, or name:secret.'),
    API_OPERATE_TOKENS: text(
      '',
      'Comma separated tokens that may do everything: secret, or name:secret; the name stands in the log of actions.',
    ),
    TRUSTED_PROXIES: whole(
      0,
      0,
      10,
      'Proxies in front of web whose X-Forwarded-For is believed (1 on Heroku), for limits and the log of actions.',
    ),

    SUPERVISOR_THREADS: whole(4, 1, 64, 'Worker threads of one supervisor; they mostly wait for TuShare.'),
    TASK_RETRY_BASE_SECONDS: whole(
      5,
      0,
      3600,
      'Base of the pause before a retry: anywhere up to base × 2^attempt seconds.',
    ),
    THREAD_MEMORY_MB: whole(
      512,
      32,
      8192,
      'Heap limit of one worker thread in MB; past it the task fails as out_of_memory.',
    ),
    HISTORY_RETENTION_DAYS: whole(
      365,
      0,
      36_500,
      'Days that the history of tasks stays in Postgres after they ended; 0: for ever.',
    ),
    SCHEDULE_SILENT_DAYS: whole(
      3,
      0,
      3650,
      'Days without a success after which a scheduled job is called silent: in /health, log and webhook; 0: never.',
    ),
    ALERT_WEBHOOK_URL: text(
      '',
      'URL that is told of failed, missed and silent scheduled jobs. It is a secret: robots have their key in it.',
    ),
    ALERT_WEBHOOK_FORMAT: Type.Union(
      (['json', 'dingtalk', 'feishu', 'wecom'] as const).map((format) => Type.Literal(format)),
      { default: 'json', description: 'What is sent there: an event as JSON, or a text for a group robot.' },
    ),
    ALERT_WEBHOOK_SECRET: text('', 'Signing secret of a DingTalk or Feishu robot, where it has one.'),
    DATASETS_PATH: text(
      '',
      'Folder of your own dataset declarations (*.dataset.ts), added to the catalogue.',
    ),

    SYNC_DAILY_HISTORY_BATCH_SIZE: whole(
      50,
      1,
      1000,
      'Units of a daily history sync in one transaction, at most.',
    ),
    SYNC_FINANCE_HISTORY_BATCH_SIZE: whole(
      100,
      1,
      1000,
      'Units of a finance history sync in one transaction, at most.',
    ),
    SYNC_FINANCE_HISTORY_START_DATE: Type.String({
      default: '20200101',
      pattern: '^(19|20)\\d\\d(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])$',
      description: 'First period of a finance history sync, YYYYMMDD.',
    }),
    SYNC_INCREMENTAL_MISSING_LIMIT: whole(
      300,
      1,
      100_000,
      'Stocks without the period that one incremental finance run asks for, at most.',
    ),
    SYNC_FAILURE_MAX_RETRIES: whole(3, 0, 100, 'Retries of one failed stock before it is left for a person.'),
    SYNC_TASK_STALE_TIMEOUT_MINUTES: whole(
      10,
      1,
      1440,
      'Minutes without a heartbeat after which a RUNNING sync task is stale.',
    ),
    SYNC_CALLS_IN_FLIGHT: whole(
      8,
      1,
      64,
      'Calls one task keeps in flight; a serial loop cannot use the window.',
    ),

    DAYLINE_HOME: text(
      '',
      'Folder of the embedded Postgres and Redis. Empty: the data folder of the user, or the system one for root.',
    ),
    SIMULATOR_DATA: text('', 'Folder of recorded TuShare data for the simulator. Empty: a generated market.'),
    SIMULATOR_PORT: whole(0, 0, 65_535, 'Port of the simulator; 0 takes a free one.'),
    LOG_LEVEL: Type.Union(
      (['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const).map((level) =>
        Type.Literal(level),
      ),
      { default: 'info', description: 'Least severe log line that is written.' },
    ),
  },
  { additionalProperties: false },
);

export type Config = Readonly<Static<typeof SettingsSchema>>;
export type SettingName = keyof Config;

/**
 * Reads the settings from environment variables. An empty variable counts as not set.
 * @throws ConfigError naming every setting that can't be used.
 */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const given: Record<string, string> = {};
  for (const name of Object.keys(SettingsSchema.properties)) {
    const value = env[name]?.trim();
    if (value) given[name] = value;
  }
  const config = Value.Default(SettingsSchema, Value.Convert(SettingsSchema, given));
  const faults = Value.Errors(SettingsSchema, config);
  if (faults.length > 0) {
    const lines = faults.map((fault) => `${fault.instancePath.slice(1) || 'settings'} ${fault.message}`);
    throw new ConfigError(`These settings can't be used: ${[...new Set(lines)].join('; ')}`);
  }
  return Object.freeze(config as Config);
}
