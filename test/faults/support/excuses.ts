/**
 * What `appendfsync everysec` may lose: when Redis is killed, what it acknowledged while its last background fsync was
 * under way, 2 s at the most (docs/operations.md, What a killed Redis keeps). What happened to a task, its type or its
 * execution within that time may not have happened afterwards. What Postgres says of it is never excused.
 */
import type { Evidence, Finding } from './checks.ts';

/** Redis puts a write off for 2 s at most, and looks at its clock once a tenth of a second. In ms. */
export const UNWRITTEN_MS = 2_500;

/** @returns whether a finding may come of what a killed Redis has lost. */
export function excuses(evidence: Evidence): (finding: Finding) => boolean {
  const { mayBeLost, jobs, events, executionEvents, told, acts, submitted } = evidence;
  const within = (at: number) => mayBeLost.some(({ from, to }) => from <= at && at <= to);
  const touched = new Set<string>();
  for (const { task_id, at } of [...events, ...told, ...submitted]) if (within(at)) touched.add(task_id);
  for (const { id, at } of acts) if (within(at)) touched.add(id);
  for (const { execution_id, at } of executionEvents) if (within(at)) touched.add(execution_id);
  const types = new Set<string>();
  for (const { task } of jobs) {
    const { task_id, execution_id } = task;
    if (execution_id && (touched.has(task_id) || touched.has(execution_id))) touched.add(execution_id);
    if (touched.has(task_id)) types.add(task.job_type);
  }
  const typeOf = new Map(jobs.map(({ task }) => [task.task_id, task.job_type]));
  const executionOf = new Map(jobs.map(({ task }) => [task.task_id, task.execution_id]));
  return ({ task_id = '', execution_id = executionOf.get(task_id) ?? '' }) =>
    touched.has(task_id) || touched.has(execution_id) || types.has(typeOf.get(task_id) ?? '');
}
