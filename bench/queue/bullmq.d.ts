/** The part of BullMQ that the benchmarks use. BullMQ is installed by them alone, and the type check runs without it. */
declare module 'bullmq' {
  interface Connection {
    url: string;
  }
  export interface JobOptions {
    removeOnComplete?: boolean;
    jobId?: string;
    attempts?: number;
    backoff?: { type: string; delay: number };
    priority?: number;
  }
  export interface Job {
    id: string;
    data: unknown;
    token?: string;
    updateData(data: unknown): Promise<void>;
    moveToCompleted(value: unknown, token: string, fetchNext: boolean): Promise<unknown>;
  }
  export class Queue {
    constructor(name: string, options: { connection: Connection; defaultJobOptions?: JobOptions });
    add(name: string, data: unknown, options?: JobOptions): Promise<Job>;
    addBulk(jobs: { name: string; data: unknown; opts?: JobOptions }[]): Promise<Job[]>;
    getJob(id: string): Promise<Job | undefined>;
    waitUntilReady(): Promise<unknown>;
    close(): Promise<void>;
  }
  export class Worker {
    constructor(
      name: string,
      processor: string | URL | ((job: Job, token?: string, signal?: AbortSignal) => Promise<unknown>) | null,
      options: {
        connection: Connection;
        concurrency?: number;
        useWorkerThreads?: boolean;
        removeOnComplete?: { count: number };
        lockDuration?: number;
        stalledInterval?: number;
        autorun?: boolean;
      },
    );
    on(event: string, listener: (...args: unknown[]) => void): this;
    run(): Promise<void>;
    getNextJob(token: string): Promise<Job | undefined>;
    startStalledCheckTimer(): Promise<void>;
    waitUntilReady(): Promise<unknown>;
    close(force?: boolean): Promise<void>;
  }
}
