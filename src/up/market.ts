/**
 * Which market `npm start` syncs: TuShare's, or one of the simulator's. They never share a database or a queue: a
 * generated price that stands among real ones could not be told apart.
 */
import pg from 'pg';
import type { Config } from '../config.ts';
import { type DatabaseSettings, readConnection } from '../store/connection.ts';
import { hasTushareToken } from '../token.ts';

export type MarketName = 'tushare' | 'generated' | 'recorded';

export interface Market {
  name: MarketName;
  /** Whether the simulator has to run for it. */
  simulated: boolean;
  /** One line for people. */
  description: string;
  /** Name of the database in the embedded Postgres. */
  database: string;
}

/** A database can't be used for this market, because it holds another one. */
export class MarketMismatch extends Error {
  override readonly name = 'MarketMismatch';
}

/** The market that the settings ask for. The placeholder token counts as a wish for TuShare, not for a demo. */
export function chooseMarket(config: Config): Market {
  if (config.TUSHARE_TOKEN !== '')
    return {
      name: 'tushare',
      simulated: false,
      description: hasTushareToken(config)
        ? 'TuShare, with the token of TUSHARE_TOKEN'
        : 'TuShare, but TUSHARE_TOKEN holds the placeholder: put your own token there',
      database: 'dayline',
    };
  if (config.SIMULATOR_DATA !== '')
    return {
      name: 'recorded',
      simulated: true,
      description: 'recorded TuShare data, served by the bundled simulator (SIMULATOR_DATA is set)',
      database: 'dayline_recorded',
    };
  return {
    name: 'generated',
    simulated: true,
    description: 'a GENERATED market from the bundled simulator, not real prices (TUSHARE_TOKEN is not set)',
    database: 'dayline_generated',
  };
}

/**
 * Notes in the database which market it holds, at the first time.
 * @throws MarketMismatch when it holds another one (data without a note counts as TuShare's)
 */
export async function claimDatabase(config: DatabaseSettings, market: Market): Promise<void> {
  const client = new pg.Client({ ...readConnection(config), application_name: 'dayline:up' });
  await client.connect();
  try {
    await client.query(
      'create table if not exists dayline_market (only_one boolean primary key default true check (only_one), market text not null)',
    );
    const { rows } = await client.query(
      "select coalesce((select market from dayline_market), (select 'tushare' from stock_basic limit 1)) as market",
    );
    const holds = rows[0]?.market ?? market.name;
    if (holds !== market.name)
      throw new MarketMismatch(
        `The database that DATABASE_URL names holds the ${holds} market, and this start would put the ${market.name} ` +
          'market into it. Name another database in DATABASE_URL (or none), or change TUSHARE_TOKEN / SIMULATOR_DATA.',
      );
    await client.query('insert into dayline_market (market) values ($1) on conflict do nothing', [holds]);
  } finally {
    await client.end();
  }
}
