/** When a job is due: cron in its zone, intervals, what is broken; and which missed moments are fired. */
import { execFileSync } from 'node:child_process';
import t from 'tap';
import { catchUp } from '../../src/scheduler/catch-up.ts';
import { silenceOf } from '../../src/scheduler/silence.ts';
import { momentsOf, nextMoments, type Timing, TimingFault } from '../../src/scheduler/timing.ts';
import { firingTaskId, uuid5 } from '../../src/scheduler/uuid5.ts';

const cron = (cron_expression: string, timezone = 'Asia/Shanghai'): Timing => ({
  cron_expression,
  interval_minutes: null,
  timezone,
});
const every = (interval_minutes: number): Timing => ({ ...cron(''), interval_minutes });
const ms = (text: string) => Date.parse(text);
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

t.test('five and six fields, in the zone of the job', async (t) => {
  const now = ms('2026-11-21T09:59:59.500Z');
  const daily = momentsOf(cron('0 18 * * *'), 0);
  t.equal(iso(daily.after(now)), '2026-11-21T10:00:00.000Z', '18:00 in Shanghai');
  t.equal(iso(momentsOf(cron('0 18 * * *', 'UTC'), 0).after(now)), '2026-11-21T18:00:00.000Z');
  const seconds = momentsOf(cron('*/20 * * * * *'), 0);
  t.strictSame(nextMoments(seconds, now, 3).map(iso), [
    '2026-11-21T10:00:00.000Z',
    '2026-11-21T10:00:20.000Z',
    '2026-11-21T10:00:40.000Z',
  ]);
  const at = ms('2026-11-21T10:00:00Z');
  t.strictSame(
    seconds.between(at - 40_000, at, 10).map((due) => due - at),
    [-20_000, 0],
    'from excluded, to included',
  );
  t.strictSame(
    seconds.between(at - 3_600_000, at + 999, 2).map((due) => due - at),
    [-20_000, 0],
    'the newest',
  );
  t.strictSame(daily.between(at - 1, at - 1, 5), []);
});

t.test('the zone of the process does not matter (D17)', async (t) => {
  const script = `
    import { momentsOf, nextMoments } from './src/scheduler/timing.ts';
    const from = Date.parse('2026-10-30T00:00:00Z');
    const zones = ['Asia/Shanghai', 'America/New_York', 'UTC'];
    const crons = ['0 18 * * *', '30 1 * * *', '0 2 * * 0', '*/7 * * * * *'];
    const timings = zones.flatMap((timezone) => crons.map((cron_expression) => ({ cron_expression, timezone, interval_minutes: null })));
    const all = [...timings, { cron_expression: null, timezone: 'Asia/Shanghai', interval_minutes: 90 }];
    console.log(JSON.stringify(all.map((timing) => {
      const moments = momentsOf(timing, from);
      return [nextMoments(moments, from, 9), moments.between(from, from + 200_000_000, 9)];
    })));`;
  const printed = ['UTC', 'Asia/Shanghai', 'America/New_York'].map((TZ) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: new URL('../..', import.meta.url),
      env: { PATH: process.env.PATH, TZ },
      encoding: 'utf8',
    }),
  );
  t.equal(printed[1], printed[0]);
  t.equal(printed[2], printed[0]);
  t.equal(JSON.parse(printed[0] ?? '')[0][0][0], ms('2026-10-30T10:00:00Z'));
});

t.test('an interval counts from the moment it was scheduled at, whenever it is asked (D16)', async (t) => {
  const since = ms('2026-11-21T07:13:05.123Z');
  const moments = momentsOf(every(90), since);
  t.equal(moments.trigger, 'interval[1:30:00]');
  t.equal(moments.after(since), since + 90 * 60_000);
  t.equal(moments.after(since - 5), since + 90 * 60_000, 'not at once');
  t.equal(moments.after(since + 90 * 60_000), since + 180 * 60_000);
  t.equal(moments.after(since + 1000 * 90 * 60_000 + 1), since + 1001 * 90 * 60_000);
  t.strictSame(moments.between(since, since + 91 * 60_000, 9), [since + 90 * 60_000]);
  t.strictSame(moments.between(since, since + 9_000 * 60_000, 2), [
    since + 8_910 * 60_000,
    since + 9_000 * 60_000,
  ]);
});

t.test('what can not be followed is named', async (t) => {
  for (const broken of [
    cron('soon'),
    cron(''),
    cron('61 * * * *'),
    cron('* * * *'),
    cron('0 0 18 * * * 2027'),
    cron('0 0 31 2 *'),
    cron('0 18 * * *', 'Mars/Phobos'),
    cron('0 18 * * *', ''),
    every(0),
    every(1.5),
    every(1e9),
  ])
    t.throws(() => momentsOf(broken, 0), TimingFault, JSON.stringify(broken));
});

t.test('missed moments: one is made up for within the grace, never a storm', async (t) => {
  const minute = 60_000;
  const hour = 60 * minute;
  const now = ms('2026-11-21T12:00:00.500Z');
  const daily = momentsOf(cron('0 18 * * *'), 0);
  const days = (late: number, grace: number) => catchUp(daily, now - late, now, grace);
  t.strictSame(days(hour, 3 * hour), { fire: [], missed: [] }, 'nothing was due');
  t.strictSame(days(3 * hour, 3 * hour).fire.map(iso), ['2026-11-21T10:00:00.000Z'], 'two hours late');
  t.strictSame(
    days(3 * hour, hour),
    { fire: [], missed: [ms('2026-11-21T10:00:00Z')] },
    'older than the grace',
  );
  const week = days(7 * 24 * hour, 3 * hour);
  t.equal(week.fire.length, 1, 'a week of nights: one');
  t.equal(week.missed.length, 6);

  const seconds = momentsOf(cron('* * * * * *'), 0);
  const takeover = catchUp(seconds, now - 5_000, now, hour);
  t.equal(takeover.fire.length, 5, 'a takeover is fired in full');
  t.equal(takeover.missed.length, 0);
  const outage = catchUp(seconds, now - 10 * hour, now, 12 * hour);
  t.equal(outage.fire.length, 60, 'of ten hours of seconds the last minute');
  t.equal(outage.missed.length, 40, 'and the newest of the others are noted');
});

t.test('a task id is a uuid v5 of job and moment', async (t) => {
  // RFC 9562, A.4
  const dns = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');
  t.equal(uuid5(dns, 'www.example.com'), '2ed6657d-e927-568b-95e1-2665a8aea6a2');
  const at = ms('2026-11-21T10:00:00Z');
  t.equal(firingTaskId('a', at), firingTaskId('a', at));
  t.not(firingTaskId('a', at), firingTaskId('b', at));
  t.not(firingTaskId('a', at), firingTaskId('a', at + 1_000));
});

t.test('silence: no success for N days though it was due', async (t) => {
  const day = 86_400_000;
  const now = ms('2026-11-21T12:00:00Z');
  const of = (timing: Timing, scheduled: number, success?: number, silentDays = 3) =>
    silenceOf(
      {
        // biome-ignore lint/suspicious/noExplicitAny: what else a row has does not matter here
        config: { job_id: 'a', scheduled_at: new Date(now - scheduled * day) } as any,
        moments: momentsOf(timing, now - scheduled * day),
      },
      success === undefined ? undefined : now - success * day,
      now,
      silentDays,
    );
  const daily = cron('0 18 * * *');
  t.match(of(daily, 30, 2.5), { silent: false, days_since_success: 2.5 });
  t.match(of(daily, 30, 3), { silent: true, days_since_success: 3 });
  t.match(of(daily, 2), { silent: false, days_since_success: null }, 'new');
  t.match(of(daily, 14), { silent: true, days: 14, days_since_success: null }, 'a silent fortnight');
  t.match(of(cron('0 18 1 * *'), 60, 12), { silent: false }, 'once a month, and not due since');
  t.match(of(cron('0 18 1 * *'), 60, 32), { silent: true });
  t.match(of(daily, 30, 20, 0), { silent: false }, '0 turns it off');
});
