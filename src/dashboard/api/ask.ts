/** Every request of the page goes through here: the envelope is opened, and a refusal becomes an ApiFailure. */

/** The API refused, or could not be reached (code `UNREACHABLE`). */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** An answer's data with the sentence that the API says about it. */
export interface Told<T> {
  data: T;
  message: string;
  /** Of the task that the action has put into the queue, where the answer names it in a header. */
  taskId: string | null;
}

async function request<T>(method: string, path: string, body?: unknown): Promise<Told<T>> {
  // the cookie of the session goes with it by itself
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.headers = { 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, init);
  } catch {
    throw new ApiFailure('UNREACHABLE', 'Dayline does not answer.', 0);
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok || !answer?.success) {
    const code = answer?.code ?? 'INTERNAL_SERVER_ERROR';
    throw new ApiFailure(code, answer?.message ?? `HTTP ${response.status}`, response.status);
  }
  return { data: answer.data, message: answer.message, taskId: response.headers.get('x-task-id') };
}

export const api = {
  get: async <T>(path: string): Promise<T> => (await request<T>('GET', path)).data,
  post: <T>(path: string, body?: unknown): Promise<Told<T>> => request<T>('POST', path, body),
  delete: <T>(path: string): Promise<Told<T>> => request<T>('DELETE', path),
  put: <T>(path: string, body: unknown): Promise<Told<T>> => request<T>('PUT', path, body),
};

/** /health stands outside the envelope. */
export async function getHealth<T>(): Promise<T> {
  try {
    const response = await fetch('/health');
    return (await response.json()) as T;
  } catch {
    throw new ApiFailure('UNREACHABLE', 'Dayline does not answer.', 0);
  }
}
