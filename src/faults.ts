/** Several faults in one sentence, so that a caller can mend them all at once. */

/** Named one by one; what comes after is counted. A list of 5,000 wrong dates must not be a message of 300 KB. */
const NAMED_AT_MOST = 20;

/** @param faults sentences without a full stop; one that is there twice is named once */
export function allFaults(faults: readonly string[]): string {
  const each = [...new Set(faults)];
  const named = each.slice(0, NAMED_AT_MOST).join('; ');
  return each.length > NAMED_AT_MOST ? `${named}; and ${each.length - NAMED_AT_MOST} more` : named;
}
