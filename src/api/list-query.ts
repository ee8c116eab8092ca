/** What lists of tasks and executions are asked for: by the same names in the queue and in the history. */
import { Type } from 'typebox';
import { ApiError } from '../errors.ts';
import { EXECUTION_KINDS } from '../queue/execution.ts';
import type { ListPlace } from '../queue/list-query.ts';
import { cursorAt, readCursor } from './cursor.ts';

/** Entries of one page, unless the caller wants another number. */
export const PAGE_DEFAULT = 50;
/** Everything that is passed over costs Redis; a cursor costs nothing. */
const OFFSET_AT_MOST = 10_000;

const name = Type.Optional(Type.String({ minLength: 1, maxLength: 120 }));
export const TASK_NAMES = { job_type: name, dataset: name, execution_id: name };
export const KIND = Type.Optional(Type.Enum([...EXECUTION_KINDS]));
export const LIMIT = Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: PAGE_DEFAULT }));

/** @param what what happened from the one moment on and before the other */
export const spanQuery = (what: string) => ({
  id: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'What the id begins with.' })),
  from: Type.Optional(Type.String({ format: 'date-time', description: `${what} at this moment or later.` })),
  to: Type.Optional(Type.String({ format: 'date-time', description: `${what} before this moment.` })),
});

/** Of a list in the queue: how long a page is, and where it begins. */
export const PLACE_QUERY = {
  limit: LIMIT,
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: OFFSET_AT_MOST,
      default: 0,
      description:
        'Passed over. With a status alone, and without a cursor; further back only a cursor leads.',
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 100,
      description:
        'next_cursor of the answer to go on from. With anything but a status one answer looks through at most 1,000: it may hold fewer than asked for, or none, while next_cursor leads on.',
    }),
  ),
};

/** What every such list answers beside its entries. */
export const PLACE_ANSWER = {
  total: Type.Union([Type.Integer(), Type.Null()], {
    description: 'All of the status; null where more was asked for: nobody counts those.',
  }),
  limit: Type.Integer(),
  offset: Type.Integer(),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'From where to go on; null: all have been looked through.',
  }),
  looked_at: Type.Integer({ description: 'How many were looked through for this answer.' }),
};

interface Asked {
  limit?: number;
  offset?: number;
  cursor?: string;
  from?: string;
  to?: string;
}

/**
 * Reads the query of such a list.
 * @returns what the queue is asked for, and what is answered beside the entries it finds
 * @throws ApiError VALIDATION_FAILED
 */
export function readListQuery<Query extends Asked>(asked: Query) {
  const { limit = PAGE_DEFAULT, offset = 0, cursor, from, to, ...filter } = asked;
  const searches = [from, to].some(Boolean) || Object.keys(filter).some((name) => name !== 'status');
  if (offset > 0 && (cursor !== undefined || searches))
    throw new ApiError(
      'VALIDATION_FAILED',
      'query.offset stands with a status alone; go on with the next_cursor of the page before',
    );
  const place: ListPlace = cursor === undefined ? { offset } : { before: readQueueCursor(cursor) };
  return {
    query: { ...filter, ...readSpan({ from, to }), ...place, limit },
    answer: ({ total, next, looked_at }: { total: number; next: number | null; looked_at: number }) => ({
      total: searches ? null : total,
      limit,
      offset,
      next_cursor: next === null ? null : cursorAt([next]),
      looked_at,
    }),
  };
}

/** @returns the sequence that the page is below @throws ApiError VALIDATION_FAILED */
function readQueueCursor(cursor: string): number {
  const fits = ([before]: unknown[]) => Number.isSafeInteger(before) && (before as number) > 0;
  return Number(readCursor(cursor, fits)[0]);
}

/** @returns both in ms since the epoch @throws ApiError VALIDATION_FAILED for what does not exist (a 61st second) */
export function readSpan({ from, to }: { from?: string | undefined; to?: string | undefined }) {
  return { from: readMoment('from', from), to: readMoment('to', to) };
}

function readMoment(name: string, text: string | undefined): number | undefined {
  const ms = text === undefined ? undefined : Date.parse(text);
  if (Number.isNaN(ms)) throw new ApiError('VALIDATION_FAILED', `${name} must be a moment that exists`);
  return ms;
}

/** "7 tasks.", or how many were found among those looked through. */
export const countText = (
  what: string,
  found: number,
  { total, looked_at }: { total: number | null; looked_at: number },
) => (total === null ? `${found} ${what} among ${looked_at} looked through.` : `${total} ${what}.`);
