/**
 * An actor owns its state: other code only tells it messages, and it handles them one at a time, in order.
 * A message that throws crashes the actor; its parent decides whether it starts again (supervision.ts).
 */
import { asError, type Crash, type Service } from './service.ts';

export abstract class Actor<Message> implements Service {
  abstract readonly name: string;
  #mailbox: Message[] = [];
  #crash: Crash | undefined;
  #handling: Promise<void> | undefined;

  /** Puts a message into the mailbox. Told to an actor that isn't running, it is dropped. */
  tell(message: Message): void {
    if (!this.#crash) return;
    this.#mailbox.push(message);
    if (this.#handling) return;
    // Set before the first message is handled: what that one tells the actor itself has to wait for it.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#handling = promise;
    void this.#handleAll().then(resolve);
  }

  async start(crash: Crash): Promise<void> {
    await this.starting();
    this.#crash = crash;
    this.started();
  }

  async stop(): Promise<void> {
    this.#crash = undefined;
    this.#mailbox = [];
    await this.stopping();
    await this.#handling;
  }

  /** Resolves when no message is being handled or waits. */
  protected async settled(): Promise<void> {
    await this.#handling;
  }

  /** Handles one message; the next one waits for it. */
  protected abstract handle(message: Message): Promise<void>;
  /** Opens what the actor needs, before the first message. */
  protected async starting(): Promise<void> {}
  /** First messages of its own (timers and the like). */
  protected started(): void {}
  /** Frees what the actor holds; must also release a message that is being handled from its waits. */
  protected async stopping(): Promise<void> {}

  async #handleAll(): Promise<void> {
    while (this.#mailbox.length > 0) {
      const message = this.#mailbox.shift() as Message;
      try {
        await this.handle(message);
      } catch (thrown) {
        const crash = this.#crash;
        this.#crash = undefined;
        this.#mailbox = [];
        crash?.(asError(thrown));
      }
    }
    // In the same step as the last look into the mailbox: whatever is told afterwards begins anew.
    this.#handling = undefined;
  }
}
