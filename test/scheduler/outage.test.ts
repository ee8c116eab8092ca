/** An outage of Postgres is told once by all supervisors together, and so is its end; the next one is told again. */
import t from 'tap';
import { loadConfig } from '../../src/config.ts';
import { migrate } from '../../src/store/migrate.ts';
import { ownPostgres } from '../support/own-postgres.ts';
import { freshRedis } from '../support/redis.ts';
import { eventually, fail, LEVEL, openScheduler } from './support/in-process.ts';

t.test('two supervisors, two outages', async (t) => {
  const redis = await freshRedis(t);
  const postgres = await ownPostgres(t);
  const both = [
    await openScheduler(t, redis.url, postgres.url, { supervisor_id: 'one' }),
    await openScheduler(t, redis.url, postgres.url, { supervisor_id: 'two' }),
  ];
  await migrate(loadConfig({ DATABASE_URL: postgres.url }));
  for (const { scheduler } of both) await scheduler.start(fail);
  const told = (what: RegExp, level = 0) =>
    both.flatMap(({ log }) =>
      log.filter((line) => Number(line.level) >= level && what.test(String(line.msg))),
    );
  const WAITS = /schedules wait: Postgres/;
  const AGAIN = /followed again/;

  for (const outages of [1, 2]) {
    await eventually('one of them leads', () => told(/this supervisor leads/).length >= outages);
    await postgres.stop();
    const each = () =>
      both.every(({ log }) => log.filter(({ msg }) => WAITS.test(String(msg))).length >= outages);
    await eventually('both have found it', each);
    t.equal(told(WAITS, LEVEL.error).length, outages, 'and it was told once');
    await postgres.start();
    await eventually('its end', () => told(AGAIN).length >= outages);
    t.equal(told(AGAIN).length, outages);
  }
  t.match(told(AGAIN), [{ after_seconds: Number }, { after_seconds: Number }]);
});
