/**
 * `npm run bench:plan`: how many calls the history of a dataset takes, against the least that is possible, ceil(rows /
 * row cap), and beside what others do: a call a day, a call a code. The real planner and the real splitter of units run
 * against a market in memory (market.ts) that answers no more than the cap. Counted are also the calls for the calendar
 * and the stock list that a plan needs. One JSON line a figure; docs/performance.md reads them.
 */
import { parseArgs } from 'node:util';
import { findBuiltIn } from '../../src/datasets/built-in.ts';
import type { TableDataset } from '../../src/datasets/dataset.ts';
import { type ByDay, dayParam, type FetchPlan } from '../../src/datasets/fetch-plan.ts';
import { modesOf } from '../../src/datasets/modes.ts';
import { askUnit } from '../../src/sync/ask-unit.ts';
import { byCode as byCodeOrder, codesIn, type ListedCode } from '../../src/sync/code-groups.ts';
import type { TushareAnswer } from '../../src/sync/context.ts';
import { type Market, planUnits } from '../../src/sync/plan.ts';
import { groupsOfBlock } from '../../src/sync/plan-blocks.ts';
import type { KnownCode } from '../../src/sync/plan-codes.ts';
import { callsOf, type Unit } from '../../src/sync/unit.ts';
import type { RowSource } from './answers.ts';
import { Counter } from './counter.ts';
import { rowSources } from './datasets.ts';
import { makeMarket } from './market.ts';

const { values } = parseArgs({
  options: {
    stocks: {
      type: 'string',
      default: '/work/shared/tushare/data/stock_basic/stock_basic_L_D_202603.csv',
    },
    only: { type: 'string' },
  },
});
/** A Monday morning in Shanghai: everything up to Friday, the last day of the market in memory, is published. */
const NOW = new Date('2026-11-23T02:00:00Z');
const TARGET = 1.05;
/** Calls for trade_cal (37 years) and stock_basic (four states), which the plans by days need. */
const PREREQUISITES = ['trade_cal', 'stock_basic'];

const market = makeMarket(values.stocks, '20261120');
console.error(
  `${market.stocks.length} stocks, ${market.where}, ${(market.suspended_share * 100).toFixed(1)} % of stock-days suspended`,
);
const sources = rowSources(market);
const planning = await planningCalls();
for (const name of Object.keys(sources)) {
  if (values.only && !values.only.split(',').includes(name)) continue;
  await measure(name, await datasetOf(name));
}
if (!values.only || values.only.split(',').includes('daily')) {
  const { codes: _, ...byDays } = (await datasetOf('daily')).fetch as ByDay;
  await measure('daily', { ...(await datasetOf('daily')), fetch: byDays }, 'daily_by_days');
}

/** Calls that come before a plan by days. */
async function planningCalls(): Promise<number> {
  let calls = 0;
  for (const name of PREREQUISITES) {
    const dataset = await datasetOf(name);
    calls += planUnits(dataset, 'full', {}, null, NOW).length;
  }
  return calls;
}

/** @param axis what the figure is called; `daily_by_days` is a way that is not taken (docs/decisions.md) */
async function measure(name: string, dataset: TableDataset, axis = name): Promise<void> {
  const source = (sources[name] as () => RowSource)();
  const began = performance.now();
  const mode = modesOf(dataset)[0] as 'history' | 'full';
  const units = planUnits(dataset, mode, {}, marketFor(dataset, source), NOW);
  const plannedMs = performance.now() - began;
  const counter = new Counter(dataset, source);
  let rows = 0;
  const answers = {
    add: (answer: TushareAnswer) => {
      rows += answer.items.length;
    },
    get size() {
      return rows;
    },
  };
  const codes = byCodeOrder(market.known.listings);
  const fetching = { call: counter.call, codes: async () => codes };
  for (const unit of units)
    for (const call of groupsOf(dataset, unit, codes, source))
      await askUnit(fetching, dataset, call, answers);
  if (rows < source.total) throw new Error(`${name}: ${rows} of ${source.total} rows came`);
  const calls = counter.calls + (dataset.needs.length > 0 ? planning : 0);
  const bound = Math.ceil(source.total / dataset.row_cap);
  const planned = units.reduce((sum, unit) => sum + callsOf(unit), 0);
  const note = `${source.total} rows, ${planned} calls planned in ${Math.round(plannedMs)} ms, ${counter.cutOff} answers cut off`;
  report(axis, calls, 'ceil(rows / cap)', bound, note, axis === 'daily' ? TARGET : undefined);
  if (byDate(dataset, source)) report(axis, calls, 'a call a day', byDate(dataset, source));
  if (byCode(dataset, source)) report(axis, calls, 'a call a code', byCode(dataset, source));
}

/** A unit by itself; or a block by its groups, as a run cuts them once it has the whole-market days around it. */
function groupsOf(
  dataset: TableDataset,
  unit: Unit,
  codes: readonly ListedCode[],
  source: RowSource,
): Unit[] {
  if (!unit.block) return [unit];
  const suspended = unit.block.between.map((day) => {
    const listed = codesIn({ from: '', before: null }, codes, [day]).length;
    return 1 - source.rows({ trade_date: day }) / listed;
  });
  return groupsOfBlock(dataset, unit, codes, suspended).map((group) => ({ ...unit, group }));
}

async function datasetOf(name: string): Promise<TableDataset> {
  const dataset = await findBuiltIn(name);
  if (!dataset) throw new Error(`there is no dataset ${name}`);
  return dataset;
}

/** What the planner of this dataset would find in the database. */
function marketFor(dataset: TableDataset, source: RowSource): Market {
  if (dataset.fetch.by !== 'code') return market.known;
  const codes = (source.codes ?? []).map(({ code }): KnownCode => {
    const stock = market.byCode.get(code);
    return {
      code,
      first: stock ? (market.open[stock.first] as string) : null,
      last: stock ? (market.open[stock.end] ?? null) : null,
    };
  });
  return { ...market.known, codes: new Map([[dataset.fetch as FetchPlan, codes]]) };
}

/** A call a day, and further pages where a day is longer than an answer. */
function byDate(dataset: TableDataset, source: RowSource): number {
  const { fetch, row_cap } = dataset;
  if (fetch.by !== 'trade_date' && fetch.by !== 'calendar_date') return 0;
  const days = source.days ?? [];
  return days.reduce((sum, date) => sum + pages(source.rows({ [dayParam(fetch)]: date }), row_cap), 0);
}

function byCode({ fetch, row_cap, inputs }: TableDataset, { codes }: RowSource): number {
  if (!inputs?.includes('ts_code') || !codes) return 0;
  const combinations = Object.values(fetch.each ?? {}).reduce((product, each) => product * each.length, 1);
  return combinations * codes.reduce((sum, { rows }) => sum + pages(rows, row_cap), 0);
}

function pages(rows: number, cap: number): number {
  return Math.floor(rows / cap) + 1;
}

function report(
  axis: string,
  ours: number,
  peer: string,
  peer_value: number,
  note?: string,
  target?: number,
): void {
  const ratio = Number((ours / peer_value).toPrecision(4));
  console.log(
    JSON.stringify({
      bench: 'plan',
      axis,
      ours,
      unit: 'calls',
      peer,
      peer_value,
      ratio,
      target: target === undefined ? null : `<= ${target} x`,
      ok: target === undefined ? null : ratio <= target,
      ...(note && { note }),
    }),
  );
}
