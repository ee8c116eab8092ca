/** Makes the preview of a plan: the planner on what Postgres knows, the cost against what the limits leave. */
import type { TableDataset } from '../datasets/dataset.ts';
import { type CheckedSubmission, checkSubmission } from '../datasets/params.ts';
import { warningOf } from '../datasets/refusal.ts';
import { apiLimits } from '../limits/api-limits.ts';
import { minutesFor } from '../limits/call-budget.ts';
import { type LimitsView, readLimits } from '../limits/limits-view.ts';
import { throughGate } from '../queue/gate.ts';
import type { QueueRedis } from '../queue/scripts.ts';
import { ledgerOf, tableSizes } from '../store/stored-data.ts';
import type { RunUnit } from '../sync/job.ts';
import { readMarket } from '../sync/market.ts';
import { planUnits } from '../sync/plan.ts';
import { costOf, type PlanCost } from '../sync/preview.ts';
import { retriesOf } from '../sync/retries.ts';
import type { DataReader } from './data-reader.ts';
import type { Plan } from './plan.ts';
import type { ApiDeps } from './server.ts';
import { tableDataset, withPlanErrors } from './table-dataset.ts';

interface Asked {
  dataset: string;
  mode?: string;
  params?: Record<string, unknown>;
  timeout_seconds?: number;
}

/** @throws ApiError as a submission's; PREREQUISITE_MISSING; QUEUE_UNAVAILABLE, DATABASE_UNAVAILABLE */
export async function previewOf(deps: ApiDeps, data: DataReader, asked: Asked): Promise<Plan> {
  const { config, catalogue, redis } = deps;
  const task = checkSubmission(catalogue, asked);
  const names = [task.dataset, ...((task.params.also as string[] | undefined) ?? [])];
  const datasets = new Map(names.map((name) => [name, tableDataset(catalogue, name)]));
  const perApi = apiLimits(catalogue.all(), config);
  const limits = await throughGate(config, redis, () => readLimits(redis as QueueRedis, config, perApi));
  const now = new Date();
  const { units, complete, skipped } = await planOf(data, task, datasets, now);
  const sizes = await data.ask(({ pool }) => tableSizes(pool, names));
  const cost = costOf(units, datasets, sizes);
  const timeout_seconds = asked.timeout_seconds ?? task.timeout_seconds;
  const general = {
    calls: config.TUSHARE_RATE_LIMIT_MAX_CALLS,
    window_seconds: config.TUSHARE_RATE_LIMIT_WINDOW_SECONDS,
  };
  const minutes = minutesFor(cost.calls, limits, general, perApi, now);
  const { api_name } = datasets.get(task.dataset) as TableDataset;
  const quota = perApi.quotaOf(api_name);
  const today = limits.quotas.find((one) => one.api_name === api_name)?.calls_today ?? 0;
  const [token] = limits.pools;
  return {
    dataset: task.dataset,
    mode: task.mode,
    job_type: task.job_type,
    params: task.params,
    partitions: cost.partitions,
    first: cost.first,
    last: cost.last,
    calls: [...cost.calls.values()].reduce((sum, calls) => sum + calls, 0),
    minutes: Math.round(minutes * 100) / 100,
    rows: cost.rows,
    bytes: cost.bytes,
    timeout_seconds,
    complete,
    skipped,
    budget: {
      limit: token?.limit ?? general.calls,
      window_seconds: token?.window_seconds ?? general.window_seconds,
      free: token?.free ?? general.calls,
      calls_per_minute: perApi.windowOf(api_name)?.calls ?? null,
      calls_left_today: quota === null ? null : Math.max(0, quota - today),
    },
    warnings: warningsOf(datasets, cost, limits, minutes, timeout_seconds),
  };
}

interface Planned {
  units: RunUnit[];
  complete: number;
  skipped: number;
}

/** The units that a run would plan now, and what the ledger knows of their partitions. */
async function planOf(
  data: DataReader,
  task: CheckedSubmission,
  datasets: ReadonlyMap<string, TableDataset>,
  now: Date,
): Promise<Planned> {
  const planned: Planned = { units: [], complete: 0, skipped: 0 };
  for (const dataset of datasets.values()) {
    const [market, ledger] = await data.ask(({ pool }) =>
      Promise.all([readMarket(pool, dataset, task.mode, task.params), ledgerOf(pool, dataset.name)]),
    );
    const units = withPlanErrors(() => planUnits(dataset, task.mode, task.params, market, now));
    planned.units.push(...units.map((unit) => ({ dataset: dataset.name, ...unit })));
    const complete = new Set(
      ledger.filter(({ state }) => state === 'complete').map(({ partition }) => partition),
    );
    const asked = new Set(units.flatMap(({ partitions }) => partitions));
    const again = [...asked].filter((partition) => complete.has(partition)).length;
    planned.complete += again;
    const all = task.params.missing === true ? allOf(dataset, task, market, now) : complete;
    planned.skipped += [...all].filter((name) => complete.has(name) && !asked.has(name)).length;
  }
  if (task.mode === 'incremental')
    planned.units = await data.ask(({ pool }) => retriesOf(pool, task.job_type, planned.units, datasets));
  if (task.mode === 'history' || task.mode === 'full') planned.skipped = 0;
  return planned;
}

/** The partitions that a backfill of what is missing would fetch if nothing were there. */
function allOf(
  dataset: TableDataset,
  { params: { missing, ...params } }: CheckedSubmission,
  market: Awaited<ReturnType<typeof readMarket>>,
  now: Date,
): Set<string> {
  const units = planUnits(dataset, 'backfill', params, market, now);
  return new Set(units.flatMap(({ partitions }) => partitions));
}

/** What a person should know before they submit it. */
function warningsOf(
  datasets: ReadonlyMap<string, TableDataset>,
  cost: PlanCost,
  { opens_in_ms, closures }: LimitsView,
  minutes: number,
  timeout_seconds: number,
): string[] {
  const warnings = [...datasets.values()].flatMap((dataset) => warningOf(dataset) ?? []);
  if (opens_in_ms > 0)
    warnings.push(
      `No call before ${Math.ceil(opens_in_ms / 1000)} s have passed: Redis had lost what it counted`,
    );
  for (const { scope, reason, until } of closures)
    if (scope === 'all' || cost.calls.has(scope))
      warnings.push(
        `${scope} is closed until ${until === null ? 'a person reopens it' : new Date(until).toISOString()}: ${reason}`,
      );
  if (minutes * 60 > timeout_seconds)
    warnings.push(
      `Its deadline is ${Math.round(timeout_seconds / 60)} minutes, its calls alone take ${Math.round(minutes)}: ` +
        'give it a longer timeout_seconds; what is stored by then stays',
    );
  return warnings;
}
