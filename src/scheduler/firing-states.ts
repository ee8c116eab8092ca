/** The words of a firing (firings.ts draws how they follow each other). */

export const FIRING_STATES = ['due', 'enqueued', 'skipped', 'missed', 'refused'] as const;
/**
 * due: decided, and not yet known to be in the queue. skipped: the task of an earlier moment had not begun. refused: the
 * queue's gate said no for good.
 */
export type FiringState = (typeof FIRING_STATES)[number];

export const FIRING_SOURCES = ['schedule', 'person', 'retry'] as const;
/** Who wanted it: the schedule, a person who triggered the job, or one who ran its failed task again. */
export type FiringSource = (typeof FIRING_SOURCES)[number];
