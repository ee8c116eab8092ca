/** Waiting no longer than one can. */

/**
 * What the work comes to, or `late` when it takes longer. Nothing is cancelled: late work goes on, and its end, good or
 * bad, is of no interest any more.
 * @param ms longest wait
 */
export async function inTime<T, L>(work: Promise<T>, ms: number, late: L): Promise<T | L> {
  const { promise, resolve } = Promise.withResolvers<L>();
  const timer = setTimeout(() => resolve(late), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
