/** Random numbers that a seed replays. */
export interface Random {
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  /** One of the list. */
  pick<T>(list: readonly T[]): T;
  /** The list in another order. */
  shuffle<T>(list: readonly T[]): T[];
}

/** mulberry32: 32 bits of state, good enough to choose faults by, and the same on every machine. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    whole,
    pick: (list) => list[whole(0, list.length - 1)] as (typeof list)[number],
    shuffle(list) {
      const shuffled = [...list];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = whole(0, i);
        [shuffled[i], shuffled[j]] = [
          shuffled[j] as (typeof list)[number],
          shuffled[i] as (typeof list)[number],
        ];
      }
      return shuffled;
    },
  };
}
