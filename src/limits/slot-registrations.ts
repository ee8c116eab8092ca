/**
 * The slots of one pool and process as Redis knows them, from their registration by Bottleneck until they are freed:
 * what bottleneck-patches.ts asks while it talks to Redis. Bottleneck names its jobs anew whenever it asks again; a
 * slot has one name, which says whose it is.
 */
import { randomBytes } from 'node:crypto';
import { monotonicMs } from '../clock.ts';
import type { ScriptHooks } from './bottleneck-patches.ts';
import type { PoolSettings } from './slot-pool.ts';
import type { Epoch } from './window-pulse.ts';

export interface Registration {
  readonly slot: string;
  /** Moments certainly before Redis counted the slot, by both clocks. */
  readonly counted: number;
  readonly countedWall: number;
  /** Set when the call has ended. */
  holdMs?: number;
}

export interface RegistrationParts {
  process: string;
  epoch: Epoch;
  settings: PoolSettings;
  /** How many wait in this process. */
  line: { readonly people: number; readonly jobs: number };
  /** Redis gives no slot; ask again in so many ms. */
  refused(again_ms: number): void;
}

export class SlotRegistrations implements ScriptHooks {
  #parts: RegistrationParts;
  /** Slots that an earlier life of this process holds have other names. */
  #life = randomBytes(4).toString('hex');
  #number = 0;
  /** By Bottleneck's name of the job. */
  #all = new Map<string, Registration>();
  /** Those that Redis has counted and Bottleneck is about to run, in that order. */
  #counted: Registration[] = [];

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
  }

  /** The slot of the job that Bottleneck runs now. */
  next(): Registration {
    const next = this.#counted.shift();
    if (!next) throw new Error('Bottleneck granted a slot without a registration.');
    return next;
  }

  asks(job: string) {
    const { process, epoch, settings, line } = this.#parts;
    const slot = this.#all.get(job)?.slot ?? `${process}:${this.#life}:${++this.#number}`;
    this.#all.set(job, { slot, counted: monotonicMs(), countedWall: Date.now() });
    const { people, jobs } = line;
    const kind = people > 0 ? 'person' : 'job';
    const behind = [people > 1, kind === 'person' ? jobs > 0 : jobs > 1].map(Number);
    const { windowMs } = settings.times();
    return { slot, args: [epoch.key, process, kind, ...behind, windowMs, epoch.id, epoch.grants] };
  }

  answered(job: string, answer: { grants: number } | { again_ms: number; why: string }): void {
    const { epoch, refused } = this.#parts;
    const registration = this.#all.get(job);
    if ('grants' in answer) {
      epoch.noteGrants(answer.grants);
      if (registration) this.#counted.push(registration);
      return;
    }
    this.#all.delete(job); // Bottleneck asks for the same one again under another name
    if (answer.why === 'lost') epoch.refused();
    refused(answer.again_ms);
  }

  ends(job: string): { slot: string; holdMs: number } {
    const registration = this.#all.get(job);
    // A job that Bottleneck ended by itself had expired in Redis too; were it not, it would count for a full window.
    const holdMs = registration?.holdMs ?? this.#parts.settings.times().expirationMs(0);
    return { slot: registration?.slot ?? job, holdMs };
  }

  ended(job: string): void {
    this.#all.delete(job);
  }
}
