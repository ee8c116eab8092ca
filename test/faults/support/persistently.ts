import { setTimeout as delay } from 'node:timers/promises';

/** Redis is often away in such a run. @throws the last error after 30 s. */
export async function persistently<T>(work: () => Promise<T>): Promise<T> {
  const end = performance.now() + 30_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(50);
    }
  }
}
