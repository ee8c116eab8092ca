/**
 * Takes back the tasks of supervisors that died, froze or were cut off, when their lease ends. Every supervisor
 * has one; the script lets each task be taken back once.
 */
import { Actor } from '../actors/actor.ts';
import type { Logger } from '../log.ts';
import { isRedisAway } from '../queue/gate.ts';
import type { Queue } from '../queue/queue.ts';
import type { Puller } from './puller.ts';

export class Reaper extends Actor<'reap'> {
  readonly name = 'reaper';
  #queue: Queue;
  #puller: Puller;
  #log: Logger;

  constructor(queue: Queue, puller: Puller, log: Logger) {
    super();
    this.#queue = queue;
    this.#puller = puller;
    this.#log = log;
  }

  protected override async handle(): Promise<void> {
    try {
      const { taken, gone } = await this.#queue.reap();
      for (const { task_id, status } of taken) {
        this.#log.warn({ task_id, status }, 'a task was taken back: the lease of its supervisor had ended');
      }
      for (const task_id of gone) {
        const job_types = await this.#queue.forget(task_id);
        if (job_types)
          this.#log.error({ task_id, job_types }, 'the hash of a running task is gone: its type was freed');
      }
      if (taken.length + gone.length > 0) this.#puller.look();
    } catch (error) {
      if (!isRedisAway(error)) throw error; // the next beat finds it again
    }
  }
}
