/** Names what Postgres refused, as an error of the task. */
import { DatabaseError } from 'pg';
import { TaskError } from '../errors.ts';
import { WindowClosed } from '../limits/permit.ts';
import { connectFault } from '../store/connect-fault.ts';
import { DatabaseAway } from './database-away.ts';

const UNDEFINED_TABLE = '42P01';
const UNDEFINED_COLUMN = '42703';
const ADMIN_SHUTDOWN = '57P01';

/** Runs the work; errors of the driver come out as TaskError or DatabaseAway, those of Dayline as they are. */
export async function namingDatabaseErrors<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TaskError || error instanceof WindowClosed || error instanceof DatabaseAway)
      throw error;
    const fault = connectFault(error);
    if (fault) {
      const { code } = error as NodeJS.ErrnoException;
      throw new DatabaseAway(`${what}: no connection to Postgres: ${fault.message} (${code})`, {
        cause: error,
      });
    }
    throw taskErrorOf(what, error as Error);
  }
}

function taskErrorOf(what: string, cause: Error): TaskError {
  const code = cause instanceof DatabaseError ? cause.code : (cause as NodeJS.ErrnoException).code;
  if (code === UNDEFINED_TABLE || code === UNDEFINED_COLUMN)
    return new TaskError(
      'prerequisite_missing',
      `${what}: the database is older than the code (${cause.message}); run dayline migrate`,
      { cause },
    );
  const hint = code === ADMIN_SHUTDOWN ? ' (ended by a newer owner of the job type, or by an operator)' : '';
  const shown = code ? `${cause.message} [${code}]` : cause.message;
  return new TaskError('database', `${what}: ${shown}${hint}`, { cause });
}
