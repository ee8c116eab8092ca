/** How an actor that is stopped releases a message which it is handling from a wait for something outside. */

export class Stopped extends Error {}

/** A promise to race the wait against; rejected with {@link Stopped} at the stop, also when nobody waits for it. */
export function stopSignal(): PromiseWithResolvers<never> {
  const signal = Promise.withResolvers<never>();
  signal.promise.catch(() => {});
  return signal;
}
