/** Puts runs into rows, as many for a supervisor as it ran at once. */
import type { TaskStatus } from '../../api/types.ts';

export interface Bar {
  task_id: string;
  job_type: string;
  status: TaskStatus;
  error_type: string | null;
  thread_ended: boolean;
  supervisor_id: string | null;
  /** ms since the epoch. */
  from: number;
  to: number;
}

export interface Lane {
  supervisor_id: string | null;
  /** From 1 within its supervisor. */
  number: number;
  /** One after the other. */
  bars: Bar[];
}

/** A killed thread exits a moment after its slot was given to the next task (decision 60), in ms. */
const OVERLAP_MS = 100;

/** In the order of the supervisors' ids; each bar stands in the first lane that is free when it begins. */
export function lanesOf(bars: readonly Bar[]): Lane[] {
  const lanes: Lane[] = [];
  for (const bar of bars.toSorted((a, b) => a.from - b.from)) {
    const own = lanes.filter(({ supervisor_id }) => supervisor_id === bar.supervisor_id);
    const free = own.find((lane) => (lane.bars.at(-1) as Bar).to <= bar.from + OVERLAP_MS);
    if (free) free.bars.push(bar);
    else lanes.push({ supervisor_id: bar.supervisor_id, number: own.length + 1, bars: [bar] });
  }
  const name = ({ supervisor_id }: Lane) => supervisor_id ?? '\uffff';
  return lanes.toSorted((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : a.number - b.number));
}
