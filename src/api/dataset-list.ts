/** What lists of datasets are asked for alike. They are as long as the catalogue: all, unless a limit is asked for. */
import { Type } from 'typebox';
import { GROUPS, type Group } from '../datasets/groups.ts';
import { cursorAt, readCursor } from './cursor.ts';

export const DATASETS_QUERY = {
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Words, each of which stands in the name, in that of the API or in a title.',
    }),
  ),
  group: Type.Optional(Type.Enum(Object.keys(GROUPS) as Group[])),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: 'All, unless it is given.' })),
  cursor: Type.Optional(
    Type.String({ maxLength: 500, description: 'next_cursor of the answer to go on from.' }),
  ),
};

export const DATASETS_PLACE = {
  total: Type.Integer({ description: 'All that match.' }),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'From where to go on; null: these were the last.',
  }),
};

/**
 * @param found what matches, in the order of the catalogue
 * @param names all of the catalogue, in its order
 * @throws ApiError VALIDATION_FAILED for a cursor that names none of them
 */
export function pageOfDatasets<Row>(
  found: readonly Row[],
  nameOf: (row: Row) => string,
  names: readonly string[],
  { limit, cursor }: { limit?: number; cursor?: string },
): { rows: Row[]; total: number; next_cursor: string | null } {
  const places = new Map(names.map((name, place) => [name, place]));
  const placeOf = (name: unknown) => places.get(name as string) ?? -1;
  const after = cursor === undefined ? -1 : placeOf(readCursor(cursor, ([name]) => placeOf(name) >= 0)[0]);
  const rest = found.filter((row) => placeOf(nameOf(row)) > after);
  const rows = rest.slice(0, limit);
  const last = rows.at(-1);
  const next_cursor = last && rows.length < rest.length ? cursorAt([nameOf(last)]) : null;
  return { rows, total: found.length, next_cursor };
}
