/**
 * Keeps the page up to date. The feed names what has changed, and what is shown of it is asked again; without the
 * feed everything that is shown is asked every few seconds.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { ApiFailure } from '../api/ask.ts';
import { openStream, type StreamMessage } from './stream.ts';

export type LiveState = 'live' | 'polling' | 'disconnected';
const LiveContext = createContext<LiveState>('polling');
export const useLive = (): LiveState => useContext(LiveContext);

const POLL_EVERY_MS = 3_000;
/** A busy queue changes all the time: what is shown is asked again once in so many ms at most. */
const REFRESH_AT_MOST_EVERY_MS = 1_000;

const ON_EVERY_CHANGE: ReadonlySet<unknown> = new Set(['tasks', 'executions', 'supervisors', 'health']);

interface FeedEvent {
  task_id?: string;
  execution_id?: string;
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [streaming, setStreaming] = useState(false);
  const reachable = useReachable(client);

  useEffect(() => {
    const changes = new Changes(client);
    const close = openStream('/api/v1/events', {
      onOpen() {
        setStreaming(true);
        changes.everything();
      },
      onMessage: (message) => changes.note(message),
      onDown: () => setStreaming(false),
    });
    return () => {
      close();
      changes.stop();
    };
  }, [client]);

  useEffect(() => {
    if (streaming) return;
    // what is being asked is not begun anew: a refusal that takes longer than a turn would never be shown
    const ask = () => void client.invalidateQueries({ type: 'active' }, { cancelRefetch: false });
    const timer = setInterval(ask, POLL_EVERY_MS);
    return () => clearInterval(timer);
  }, [client, streaming]);

  const state = streaming ? 'live' : reachable ? 'polling' : 'disconnected';
  return <LiveContext.Provider value={state}>{children}</LiveContext.Provider>;
}

/** Whether the last question was answered, be it with a refusal. */
function useReachable(client: QueryClient): boolean {
  const [reachable, setReachable] = useState(true);
  const known = useRef(true);
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ type, query }) => {
        if (type !== 'updated' || query.state.fetchStatus !== 'idle') return;
        const { error } = query.state;
        const now = !(error instanceof ApiFailure && error.code === 'UNREACHABLE');
        if (now === known.current) return;
        known.current = now;
        setReachable(now);
      }),
    [client],
  );
  return reachable;
}

/** Gathers what has changed and asks for it, once a second at most. */
class Changes {
  readonly #client: QueryClient;
  readonly #ids = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  everything(): void {
    void this.#client.invalidateQueries({ type: 'active' });
  }

  note({ event, data }: StreamMessage): void {
    if (event === 'reset') this.everything();
    if (event !== 'changes') return;
    for (const { task_id, execution_id } of (JSON.parse(data) as { events: FeedEvent[] }).events) {
      if (task_id) this.#ids.add(task_id);
      if (execution_id) this.#ids.add(execution_id);
    }
    this.#timer ??= setTimeout(() => this.#ask(), REFRESH_AT_MOST_EVERY_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #ask(): void {
    this.#timer = undefined;
    const changed = new Set(this.#ids);
    this.#ids.clear();
    void this.#client.invalidateQueries({
      type: 'active',
      predicate: ({ queryKey: [what, id] }) => {
        if (what === 'task' || what === 'execution') return changed.has(id as string);
        return ON_EVERY_CHANGE.has(what);
      },
    });
  }
}
