/** The processes of ours that `up` has running: started again when they end unasked, stopped in order. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child.ts';

/** A process that ends more often than this within a minute has a fault that starting it again won't mend. */
const RESTARTS_PER_MINUTE = 5;
const PAUSE_BEFORE_RESTART_MS = 1000;

export interface WorkforceOptions {
  logs: string;
  say: (line: string) => void;
  /** The set of processes has changed. */
  onChange: (children: Child[]) => void;
  /** One of them ends again and again. */
  onLost: (message: string) => void;
}

export class Workforce {
  readonly #options: WorkforceOptions;
  readonly #children = new Map<string, Child>();
  #stopping = false;

  constructor(options: WorkforceOptions) {
    this.#options = options;
  }

  /**
   * Starts `src/bin/<name>.ts` and keeps it running from then on.
   * @returns the address it listens on, if any @throws ChildFailed when it does not come up the first time
   */
  async start(name: string, env: NodeJS.ProcessEnv): Promise<string | null> {
    const child = this.#launch(name, env);
    const url = await child.ready();
    void this.#keepUp(child, env);
    return url;
  }

  /** Ends them one after the other, in the order of these names, each when the one before has gone. */
  async stop(names: string[], onStopping: (name: string) => void): Promise<void> {
    this.#stopping = true;
    for (const name of names) {
      const child = this.#children.get(name);
      if (!child?.running) continue;
      onStopping(name);
      await child.stop();
    }
  }

  /** Ends all of them at once, without their consent. */
  kill(): void {
    this.#stopping = true;
    for (const child of this.#children.values()) child.kill();
  }

  #launch(name: string, env: NodeJS.ProcessEnv): Child {
    const child = new Child(name, this.#options.logs, env);
    this.#children.set(name, child);
    this.#options.onChange([...this.#children.values()]);
    return child;
  }

  async #keepUp(first: Child, env: NodeJS.ProcessEnv): Promise<void> {
    const { name } = first;
    const ends: number[] = [];
    for (let child = first; ; ) {
      await child.exited;
      if (this.#stopping) return;
      ends.push(performance.now());
      if (ends.filter((at) => performance.now() - at < 60_000).length > RESTARTS_PER_MINUTE)
        return this.#options.onLost(
          `The ${name} process ended ${ends.length} times within a minute.\n${child.lastWords}`,
        );
      this.#options.say(`The ${name} process has ended unasked; starting it again …`);
      await sleep(PAUSE_BEFORE_RESTART_MS);
      if (this.#stopping) return;
      child = this.#launch(name, env);
    }
  }
}
