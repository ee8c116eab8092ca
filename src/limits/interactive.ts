/** Which calls go before those of jobs. */
import type { PermitSource } from './permit.ts';

/** A person waits for a plan of at most so many calls; whoever plans more does not sit before the screen (design § 5). */
const INTERACTIVE_CALLS = 10;

/**
 * The permits of one run. Of a run that a person asked for the first ten calls are interactive, so that a short one is
 * done at once and a long one can't hold up the others.
 */
export function permitsOfRun(source: PermitSource, asked_by_person: boolean): PermitSource {
  let calls = 0;
  return {
    acquire(api_name, options) {
      calls += 1;
      return source.acquire(api_name, {
        ...options,
        interactive: asked_by_person && calls <= INTERACTIVE_CALLS,
      });
    },
  };
}
