/**
 * A call that fails because of the way to TuShare ends the attempt (D7). A long history meets more such faults than a
 * task has attempts, so one that has stored rows since it began uses none up: the task goes back to the queue and goes
 * on where it was. This ends: rows are stored of units that were not stored before, of which a frozen plan has only so
 * many, and the time left until the deadline is not given anew. A run that stores nothing uses its attempts up.
 */
import { TaskError, type TaskErrorType } from '../errors.ts';

/** Faults of the way, which say nothing of what was asked for. */
const ON_THE_WAY: ReadonlySet<TaskErrorType> = new Set(['network', 'tushare_rate_limited']);

/** The task goes back to the queue until `until` (ms since the epoch), and no attempt is used. */
export class GoesOnLater extends Error {
  override readonly name = 'GoesOnLater';
  readonly until: number;

  /** @param pauseMs before the task is claimed again, where the fault itself asks for nothing longer */
  constructor(fault: TaskError, pauseMs: number) {
    super(`${fault.message} It goes on from its checkpoint.`, { cause: fault });
    this.until = Date.now() + Math.max(pauseMs, fault.retryAfterMs ?? 0);
  }
}

/**
 * What the calls of a run came to.
 * @param hasStored whether the run has stored rows since it began
 * @throws GoesOnLater in the place of a fault of the way, where it has
 */
export async function goingOn<T>(calls: Promise<T>, hasStored: () => boolean, pauseMs: number): Promise<T> {
  try {
    return await calls;
  } catch (error) {
    const onTheWay = error instanceof TaskError && ON_THE_WAY.has(error.type);
    throw onTheWay && hasStored() ? new GoesOnLater(error, pauseMs) : error;
  }
}
