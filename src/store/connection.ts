/** How every connection to Postgres is made: one reading of DATABASE_URL for the pools, MikroORM and its CLI. */
import pg from 'pg';
import type { Config } from '../config.ts';
import { ConfigError } from '../errors.ts';

export type DatabaseSettings = Pick<Config, 'DATABASE_URL' | 'PGSSLMODE'>;

export interface Connection {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** As libpq: `require` encrypts without checking the certificate (Heroku's are self-signed). */
  ssl: false | { rejectUnauthorized: boolean };
}

const DATE_OID = 1082;
const INT8_OID = 20;

/** Dates stay 'YYYY-MM-DD' text (a JS Date would move them by the time zone); int8 becomes a number. */
export const pgTypes = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === DATE_OID) return (value: string) => value;
    if (oid === INT8_OID) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as typeof pg.types.getTypeParser,
};

/**
 * Host, user, database and TLS out of DATABASE_URL. sslmode, there or in PGSSLMODE: absent or disable → none; allow, prefer, require,
 * no-verify → encrypted; verify-ca, verify-full → encrypted and the certificate checked.
 * @throws ConfigError when the URL is missing or can't be read; the message never holds it.
 */
export function readConnection(config: DatabaseSettings): Connection {
  if (!config.DATABASE_URL) throw new ConfigError('DATABASE_URL is not set: name the Postgres to write to');
  if (!URL.canParse(config.DATABASE_URL)) throw new ConfigError('DATABASE_URL is not a URL');
  const url = new URL(config.DATABASE_URL);
  if (!/^postgres(ql)?:$/.test(url.protocol))
    throw new ConfigError('DATABASE_URL must begin with postgres:// or postgresql://');
  const database = decodeURIComponent(url.pathname.slice(1));
  const user = decodeURIComponent(url.username);
  if (!database || !url.hostname || !user)
    throw new ConfigError(
      'DATABASE_URL must name user, host and database: postgres://user@host:5432/database',
    );
  return {
    // A socket folder can stand where a URL has no place for it: ?host=/run/postgresql
    host: url.searchParams.get('host') ?? url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 5432),
    user,
    password: decodeURIComponent(url.password),
    database,
    ssl: readSsl(url.searchParams.get('sslmode') ?? (config.PGSSLMODE || 'disable')),
  };
}

function readSsl(mode: string): Connection['ssl'] {
  if (mode === 'disable') return false;
  if (['allow', 'prefer', 'require', 'no-verify'].includes(mode)) return { rejectUnauthorized: false };
  if (['verify-ca', 'verify-full'].includes(mode)) return { rejectUnauthorized: true };
  throw new ConfigError(`sslmode in DATABASE_URL or PGSSLMODE can't be ${mode.slice(0, 20)}`);
}
