/**
 * Hands one thread's wishes for permits to the call window of its process, and keeps count of what the thread
 * holds: when the thread is gone, what it held counts as a call that was cut short.
 */
import { type CallAnswer, type Permit, type PermitSource, WindowClosed } from '../limits/permit.ts';
import type { Logger } from '../log.ts';
import type { FromThread, ToTask } from './line.ts';

/** The window itself failed (Redis away): the task goes back to the queue for this long, in ms. */
const FAILED_WINDOW_PAUSE_MS = 5_000;

/** A permit that is waited for, or held. */
interface Wish {
  unwanted: AbortController;
  permit?: Permit;
}

type Wanted = Extract<FromThread, { type: 'permit_wanted' }>;

export class PermitDesk {
  #source: PermitSource;
  #answer: (message: ToTask) => void;
  #log: Logger;
  #wishes = new Map<number, Wish>();

  /** @param answer reaches the thread, if it still lives. */
  constructor(source: PermitSource, answer: (message: ToTask) => void, log: Logger) {
    this.#source = source;
    this.#answer = answer;
    this.#log = log;
  }

  async wanted({ request, api_name, interactive }: Wanted): Promise<void> {
    const wish: Wish = { unwanted: new AbortController() };
    this.#wishes.set(request, wish);
    const { signal } = wish.unwanted;
    try {
      const permit = await this.#source.acquire(api_name, { interactive, signal });
      if (signal.aborted) return permit.used();
      wish.permit = permit;
      const { use_by, use_by_wall } = permit;
      const wall = use_by_wall === undefined ? {} : { use_by_wall };
      this.#answer({ type: 'permit_granted', request, use_by, ...wall });
    } catch (error) {
      this.#wishes.delete(request);
      if (!signal.aborted) this.#answer(this.#refusal(request, api_name, error));
    }
  }

  /** The call of a permit has ended; what TuShare answered may close or reopen its API for everybody. */
  used(request: number, cutShort: boolean, answer?: CallAnswer): void {
    this.#wishes.get(request)?.permit?.used(cutShort, answer);
    this.#wishes.delete(request);
  }

  /** The thread gave up waiting. */
  unwanted(request: number): void {
    this.#wishes.get(request)?.unwanted.abort();
    this.used(request, false);
  }

  /** The thread has ended or was killed: what it had called with a permit may still be on its way. */
  close(): void {
    for (const [request, { unwanted }] of this.#wishes) {
      unwanted.abort();
      this.used(request, true);
    }
  }

  #refusal(request: number, api_name: string, error: unknown): ToTask {
    if (error instanceof WindowClosed) {
      return { type: 'permit_closed', request, until: error.until, reason: error.message };
    }
    this.#log.warn({ err: error, api_name }, 'the call window gave no permit');
    const until = Date.now() + FAILED_WINDOW_PAUSE_MS;
    return { type: 'permit_closed', request, until, reason: 'the call window could not be reached' };
  }
}
