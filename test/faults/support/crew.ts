/** The supervisors of a run: real processes, each with a proxy of its own before Redis, replaced when killed. */
import type { LogLine, SupervisorProcess } from '../../support/supervisor.ts';
import type { Torn } from '../../support/torn.ts';
import { type BlockableSupervisor, startBlockable } from './blockable.ts';
import type { Told } from './late.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export interface Member {
  readonly process: BlockableSupervisor;
  readonly supervisor_id: string;
}

export interface Post {
  readonly proxy: TcpProxy;
  member: Member;
}

export interface Crew {
  readonly posts: Post[];
  /** Processes that ended without being told to, each in words. */
  readonly desertions: string[];
  /** kill -9 and a new one in its place. @returns the id of the killed one and when, in ms since the epoch. */
  replace(slot: number): Promise<{ supervisor_id: string; at: number }>;
  /** SIGTERM to all; resolves with their exit codes. */
  dismiss(): Promise<(number | null)[]>;
  /** What all of them, the dead too, have logged about a task. */
  logOf(task_id: string): LogLine[];
  /** What all of them have told the queue about the ends of runs. */
  told(): Told[];
  /** What all of them have logged as an error or worse: the words, and how often. */
  errors(): Map<string, number>;
}

/** Of pino. */
const ERROR_LEVEL = 50;
const STARTS_AT_MOST = 5;

/** @param env as for a supervisor, with the REDIS_URL of the server itself. */
export async function hireCrew(t: Torn, size: number, env: Record<string, string>): Promise<Crew> {
  const everyone: SupervisorProcess[] = [];
  const desertions: string[] = [];
  const told = new Set<SupervisorProcess>();

  const hire = async (proxy: TcpProxy): Promise<Member> => {
    const url = new URL(env.REDIS_URL as string);
    url.port = String(proxy.port);
    const child = await started(() => startBlockable(t, { ...env, REDIS_URL: url.href, LOG_LEVEL: 'debug' }));
    everyone.push(child);
    const { supervisor_id } = await child.logged((line) => typeof line.supervisor_id === 'string');
    void child.gone.then(([code, signal]) => {
      if (!told.has(child))
        desertions.push(`${supervisor_id} ended with ${signal ?? code}: ${lastWords(child)}`);
    });
    return { process: child, supervisor_id: supervisor_id as string };
  };

  /** One that gives up at its start is noted, and started again as a dyno manager would. */
  const started = async (start: () => Promise<BlockableSupervisor>): Promise<BlockableSupervisor> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await start();
      } catch (error) {
        desertions.push((error as Error).message);
        if (attempt === STARTS_AT_MOST) throw error;
      }
    }
  };

  const target = Number(new URL(env.REDIS_URL as string).port);
  const posts = await Promise.all(
    Array.from({ length: size }, async () => {
      const proxy = await startTcpProxy(t, target);
      return { proxy, member: await hire(proxy) };
    }),
  );
  t.teardown(() => {
    for (const child of everyone) told.add(child);
  });
  return {
    posts,
    desertions,
    async replace(slot) {
      const post = posts[slot] as Post;
      const { process: child, supervisor_id } = post.member;
      told.add(child);
      const at = Date.now();
      await child.kill();
      post.member = await hire(post.proxy);
      return { supervisor_id, at };
    },
    dismiss() {
      return Promise.all(
        posts.map(({ member }) => {
          told.add(member.process);
          return member.process.stop();
        }),
      );
    },
    told() {
      const lines = everyone.flatMap(({ log }) => log.filter(({ msg }) => msg === 'a run ended'));
      return lines.map((line) => ({ ...line, at: Date.parse(String(line.time)) })) as unknown as Told[];
    },
    errors() {
      const lines = everyone.flatMap(({ log }) => log.filter(({ level }) => Number(level) >= ERROR_LEVEL));
      const groups = Map.groupBy(lines, ({ msg, child, err }) =>
        [msg, child, (err as Error | undefined)?.message.slice(0, 200)].filter(Boolean).join(': '),
      );
      return new Map([...groups].map(([words, same]) => [words, same.length]));
    },
    logOf: (task_id) => everyone.flatMap(({ log }) => log.filter((line) => line.task_id === task_id)),
  };
}

function lastWords(child: SupervisorProcess): string {
  return `${JSON.stringify(child.log.slice(-5))} ${child.complaint()}`;
}
