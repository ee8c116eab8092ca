/** The queue as one would write it in memory, slowly and plainly: what the real one is compared with. */
import type { Outcome, TaskStatus } from '../../src/queue/task.ts';

export interface ModelTask {
  id: string;
  type: string;
  priority: number;
  sequence: number;
  status: TaskStatus;
  attempt: number;
  max_attempts: number;
  losses: number;
  fence: number;
  owner: string | null;
  place: 'queue' | 'parked' | 'delayed' | 'blocked' | null;
  stopped: boolean;
  retried: boolean;
  /** It ended because a prerequisite did. */
  followed: boolean;
  execution: ModelExecution | null;
}

export interface ModelExecution {
  id: string;
  slots: ModelTask[];
  /** Of each slot, the slots it needs. */
  needs: readonly (readonly number[])[];
  started: boolean;
  ended: boolean;
  /** How often it has ended. */
  ends: number;
}

export class Model {
  readonly tasks: ModelTask[] = [];
  readonly executions: ModelExecution[] = [];
  readonly holders = new Map<string, ModelTask>();
  readonly fences = new Map<string, number>();

  submit(id: string, type: string, priority: number, max_attempts: number): ModelTask {
    const sequence = this.tasks.length + 1;
    const fresh = {
      attempt: 0,
      losses: 0,
      fence: 0,
      owner: null,
      status: 'pending',
      place: 'queue',
      stopped: false,
      retried: false,
      followed: false,
      execution: null,
    } as const;
    const task = { id, type, priority, max_attempts, sequence, ...fresh };
    this.tasks.push(task);
    return task;
  }

  /** Groups the newest tasks. */
  group(id: string, slots: ModelTask[], needs: readonly (readonly number[])[]): void {
    const execution = { id, slots, needs, started: false, ended: false, ends: 0 };
    this.executions.push(execution);
    for (const [slot, task] of slots.entries()) {
      task.execution = execution;
      if (needs[slot]?.length) task.place = 'blocked';
    }
  }

  claim(owner: string, free: number): string[] {
    const claimed: string[] = [];
    while (claimed.length < free) {
      const task = this.#first('queue');
      if (!task) break;
      if (this.holders.has(task.type)) {
        task.place = 'parked';
        continue;
      }
      const fence = (this.fences.get(task.type) ?? 0) + 1;
      this.fences.set(task.type, fence);
      this.holders.set(task.type, task);
      Object.assign(task, { status: 'running', place: null, owner, fence });
      if (task.execution) task.execution.started = true;
      claimed.push(task.id);
    }
    return claimed;
  }

  finish(task: ModelTask, outcome: Outcome): TaskStatus {
    const { kind } = outcome;
    const final =
      kind === 'completed' ||
      kind === 'failed' ||
      (kind === 'retry' && task.attempt + 1 >= task.max_attempts);
    if (kind === 'cancelled' || (task.stopped && !final)) {
      task.attempt += 1;
      this.#end(task, 'cancelled');
    } else if (kind === 'completed' || kind === 'failed') {
      task.attempt += 1;
      this.#end(task, kind);
      if (kind === 'completed') task.losses = 0;
    } else if (kind === 'retry') {
      task.attempt += 1;
      if (task.attempt >= task.max_attempts) this.#end(task, 'failed');
      else {
        task.losses = 0;
        this.#back(task, outcome.delay_ms > 0 ? 'delayed' : 'queue');
      }
    } else this.#back(task, outcome.delay_ms > 0 ? 'delayed' : 'queue');
    this.#release(task);
    return task.status;
  }

  lose(task: ModelTask): void {
    task.losses += 1;
    if (task.stopped) {
      task.attempt += 1;
      this.#end(task, 'cancelled');
    } else if (task.losses >= 5) {
      task.attempt += 1;
      this.#end(task, 'failed');
    } else this.#back(task, 'queue');
    this.#release(task);
  }

  stop(task: ModelTask): boolean {
    if (task.status !== 'running') return false;
    task.stopped = true;
    return true;
  }

  cancel(task: ModelTask): boolean {
    if (task.status !== 'pending') return false;
    const wasQueued = task.place === 'queue';
    this.#end(task, 'cancelled');
    if (wasQueued && !this.holders.has(task.type)) this.#unpark(task.type);
    return true;
  }

  /** @returns the new tasks, still without an id, or null when it is refused */
  retry(task: ModelTask): ModelTask[] | null {
    if (!isDead(task) || task.retried) return null;
    if (!task.execution) return [this.#again(task)];
    const { slots } = task.execution;
    return this.#revive(task.execution, slots.indexOf(task));
  }

  retryExecution(execution: ModelExecution): ModelTask[] | null {
    return this.#revive(execution, null);
  }

  stopExecution(execution: ModelExecution): boolean {
    if (execution.ended) return false;
    for (const task of execution.slots.toReversed()) {
      if (task.status === 'pending') this.cancel(task);
      else this.stop(task);
    }
    return true;
  }

  #revive(execution: ModelExecution, chosen: number | null): ModelTask[] | null {
    const { slots, needs } = execution;
    const revived = new Set<number>();
    for (const [slot, task] of slots.entries()) {
      const needed = needs[slot] ?? [];
      const hopeless = needed.some((need) => isDead(slots[need] as ModelTask) && !revived.has(need));
      if (hopeless && slot === chosen) return null;
      const follows = task.followed && needed.some((need) => revived.has(need));
      if (isDead(task) && !hopeless && (chosen === null || slot === chosen || follows)) revived.add(slot);
    }
    if (revived.size === 0) return null;
    const fresh = [...revived].map((slot) => {
      const task = this.#again(slots[slot] as ModelTask);
      task.execution = execution;
      slots[slot] = task;
      if (needs[slot]?.some((need) => slots[need]?.status !== 'completed')) task.place = 'blocked';
      return task;
    });
    if (execution.ended) Object.assign(execution, { started: true, ended: false });
    return fresh;
  }

  #again(task: ModelTask): ModelTask {
    task.retried = true;
    return this.submit('', task.type, task.priority, task.max_attempts);
  }

  /** What follows for those that wait for it, and for its execution. */
  #end(task: ModelTask, status: TaskStatus): void {
    Object.assign(task, { status, place: null });
    const { execution } = task;
    if (!execution) return;
    const slot = execution.slots.indexOf(task);
    for (const [other, needs] of execution.needs.entries()) {
      const waiting = execution.slots[other] as ModelTask;
      if (!needs.includes(slot) || waiting.place !== 'blocked') continue;
      if (status !== 'completed') {
        waiting.followed = true;
        this.#end(waiting, status);
      } else if (needs.every((need) => execution.slots[need]?.status === 'completed'))
        waiting.place = 'queue';
    }
    if (execution.ended || execution.slots.some((one) => !isEnded(one))) return;
    Object.assign(execution, { ended: true, ends: execution.ends + 1 });
  }

  due(): void {
    for (const task of this.tasks) if (task.place === 'delayed') task.place = 'queue';
  }

  #back(task: ModelTask, place: 'queue' | 'delayed'): void {
    Object.assign(task, { status: 'pending', place, owner: null, fence: 0 });
  }

  #release(task: ModelTask): void {
    if (this.holders.get(task.type) !== task) return;
    this.holders.delete(task.type);
    this.#unpark(task.type);
  }

  #unpark(type: string): void {
    const head = this.#first('parked', type);
    if (head) head.place = 'queue';
  }

  #first(place: string, type?: string): ModelTask | undefined {
    return this.tasks
      .filter((task) => task.place === place && (!type || task.type === type))
      .sort((a, b) => a.priority - b.priority || a.sequence - b.sequence)[0];
  }
}

const isDead = (task: ModelTask): boolean => task.status === 'failed' || task.status === 'cancelled';
const isEnded = (task: ModelTask): boolean => isDead(task) || task.status === 'completed';
