/** Tasks of 1 s, each of a type of its own: what four supervisors get done against one, nothing else changed. */
import { type Bench, leftOfOurs, newTask, submitAll } from '../bench.ts';
import { median, nowMs, quiet, ROUNDS, report } from '../measure.ts';

const SUPERVISORS = 4;
/** Of 4 threads, one waits for tasks of high priority. */
const TASKS_A_SUPERVISOR = 3 * 4;

export async function scaling(bench: Bench): Promise<void> {
  const rates: Record<number, number[]> = {};
  for (const supervisors of [1, SUPERVISORS]) {
    for (let i = supervisors === 1 ? 0 : 1; i < supervisors; i++) await bench.supervisor();
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await quiet();
      rounds.push(await once(bench, supervisors * TASKS_A_SUPERVISOR));
    }
    rates[supervisors] = rounds;
  }
  const one = median(rates[1] ?? []);
  const four = median(rates[SUPERVISORS] ?? []);
  report({
    axis: 'scaling',
    ours: four / one,
    unit: 'times one supervisor',
    target: { is: '>=', value: 3.8, of_peer: false },
    note: `1 s tasks of many types: ${one.toFixed(2)} tasks/s by one supervisor, ${four.toFixed(2)} by ${SUPERVISORS}`,
  });
}

async function once(bench: Bench, tasks: number): Promise<number> {
  const start = nowMs();
  await submitAll(
    bench.queue,
    Array.from({ length: tasks }, (_, i) => newTask('nap', i, { params: { ms: 1_000 } })),
  );
  while ((await leftOfOurs(bench)) > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  return (tasks / (nowMs() - start)) * 1000;
}
