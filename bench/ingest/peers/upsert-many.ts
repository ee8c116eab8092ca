/** MikroORM's upsertMany on the same answers, an answer a transaction. */
import { defineEntity, p } from '@mikro-orm/core';
import { MikroORM } from '@mikro-orm/postgresql';
import { FIELDS } from '../market.ts';

const Bar = defineEntity({
  name: 'Bar',
  tableName: 'bars_one',
  properties: {
    ts_code: p.text().primary(),
    trade_date: p.date().primary(),
    open: p.double(),
    high: p.double(),
    low: p.double(),
    close: p.double(),
    pre_close: p.double(),
    change: p.double(),
    pct_chg: p.double(),
    vol: p.double(),
    amount: p.double(),
  },
});

/** @returns rows and seconds */
export async function upsertMany(api: string, database: string, days: readonly string[]) {
  const orm = await MikroORM.init({ clientUrl: database, entities: [Bar], ensureDatabase: false });
  try {
    let rows = 0;
    const began = performance.now();
    for (const trade_date of days) {
      const body = JSON.stringify({ api_name: 'daily', token: 't', params: { trade_date }, fields: '' });
      const answer = await fetch(api, { method: 'POST', body });
      const { data } = (await answer.json()) as { data: { items: (string | number)[][] } };
      const bars = data.items.map((item) =>
        Object.fromEntries(
          FIELDS.map((name, at) => [name, name === 'trade_date' ? dashed(trade_date) : item[at]]),
        ),
      );
      await orm.em.fork().upsertMany(Bar, bars as never);
      rows += bars.length;
    }
    return { rows, seconds: (performance.now() - began) / 1000 };
  } finally {
    await orm.close(true);
  }
}

const dashed = (day: string) => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
