/**
 * Which of the moments that have passed are fired (design: never a storm). Pure; instants are ms since the epoch.
 *
 * A moment of the last minute is fired, each of them: that is what is behind when a leader was killed and another one
 * took over. An older one was missed because nothing ran. Then one is made up for, the newest, if it is younger than
 * the job's grace and nothing newer is fired; the rest is only noted.
 */
import type { Moments } from './timing.ts';

/** A takeover takes at most the life of the leader's lock, 4 s, and what a busy machine adds. */
export const TAKEOVER_MS = 60_000;
/** Missed moments that are noted one by one: the newest of them. */
const NOTED_AT_MOST = 100;

export interface CatchUp {
  fire: number[];
  missed: number[];
}

/**
 * @param decided the last moment that is decided, or when the schedule was made
 * @param graceMs of the job
 */
export function catchUp(moments: Moments, decided: number, now: number, graceMs: number): CatchUp {
  const passed = moments.between(decided, now, NOTED_AT_MOST);
  const fire = passed.filter((at) => at >= now - TAKEOVER_MS);
  const late = passed.slice(0, passed.length - fire.length);
  const newest = late.at(-1);
  if (fire.length === 0 && newest !== undefined && newest >= now - graceMs)
    return { fire: [newest], missed: late.slice(0, -1) };
  return { fire, missed: late };
}
