/**
 * The page with ten years of every dataset: what the heatmap's question costs Postgres and web, how large its answer
 * is, and how long Chromium takes to show it.
 *
 * usage: node test/run.ts -R tap bench/page/main.ts
 */
import zlib from 'node:zlib';
import t from 'tap';
import { addDays, shanghaiClock } from '../../src/datasets/dates.ts';
import { startApi } from '../../test/support/api.ts';
import { startStack } from '../../test/support/stack.ts';
import { fillLedger } from './full-ledger.ts';

const ROUNDS = 7;
const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

t.test('ten years of all datasets', { timeout: 180_000 }, async (t) => {
  const stack = await startStack(t, {});
  const today = shanghaiClock(new Date()).date;
  const from = addDays(today, -3652);
  const entries = await fillLedger(stack.database, from, today);
  t.comment(`${entries} entries of the ledger`);
  const api = await startApi(t, stack.env);
  const questions = {
    'a month by day': `by=day&from=${addDays(today, -30)}`,
    'a year by day': `by=day&from=${addDays(today, -365)}`,
    'a year by week': `by=week&from=${addDays(today, -365)}`,
    'ten years by month': 'by=month',
  };
  for (const [name, query] of Object.entries(questions)) {
    const times: number[] = [];
    let text = '';
    for (let round = 0; round < ROUNDS; round += 1) {
      const answer = await api.get(`/api/v1/coverage?${query}`);
      t.equal(answer.status, 200);
      times.push(answer.ms);
      text = answer.text;
    }
    const kb = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
    t.comment(
      `${name}: ${median(times).toFixed(0)} ms, ${kb(text.length)}, gzipped ${kb(zlib.gzipSync(text).length)}`,
    );
  }
});
