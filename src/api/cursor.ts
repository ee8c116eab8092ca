/** Where a page of a list ended, as a text for the caller to send back. */
import { ApiError } from '../errors.ts';

/** @param place what the list is ordered by, of the last row of the page */
export function cursorAt(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * @param fits whether these values are a place in this list
 * @throws ApiError VALIDATION_FAILED
 */
export function readCursor(cursor: string, fits: (place: unknown[]) => boolean): (string | number)[] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place) && fits(place)) return place;
  } catch {
    // told below
  }
  throw new ApiError('VALIDATION_FAILED', 'query.cursor must be the next_cursor of a page before');
}
