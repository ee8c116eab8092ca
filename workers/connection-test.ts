/** The program behind `connection_test`: one cheap call, and what the way to TuShare costs. */
import { monotonicMs } from '../src/clock.ts';
import { shanghaiClock } from '../src/datasets/dates.ts';
import type { RunContext, RunOutcome } from '../src/sync/context.ts';
import { measureWay } from '../src/tushare/way.ts';

/** Completes with what it measured as its last message. @throws TaskError of the way, or of TuShare's refusal */
export async function run({ call, config, progress }: RunContext): Promise<RunOutcome> {
  const way = await measureWay(config);
  const today = shanghaiClock(new Date()).date;
  const began = monotonicMs();
  await call('trade_cal', { exchange: 'SSE', start_date: today, end_date: today }, ['cal_date', 'is_open']);
  const ms = Math.round(monotonicMs() - began);
  const through = way.through === null ? 'directly' : `through the proxy ${way.through}`;
  progress(
    1,
    0,
    `TuShare (${way.to}) answered ${through} within ${ms} ms, its permit included; ${way.connect_ms} ms to connect.`,
  );
  return { kind: 'completed', records_processed: 0 };
}
