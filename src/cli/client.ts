/** Talks to the web process over HTTP and turns everything that can go wrong into one clear line. */
import { inChinese } from './error-words.ts';
import { say } from './language.ts';

/** What the user is told, with the API's code where there is one. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Longest wait for one answer, in ms: the API answers in bounded time even when Redis hangs. */
const ANSWER_TIMEOUT_MS = 15_000;

export class ApiClient {
  readonly url: string;
  readonly #token: string | undefined;

  /** @param token sent as bearer when given */
  constructor(url: string, token: string | undefined) {
    this.url = url.replace(/\/+$/, '');
    this.#token = token;
  }

  /** GET under /api/v1. @returns the data of the envelope @throws CliError */
  get<T>(path: string): Promise<T> {
    return this.#data<T>('GET', path);
  }

  /** POST under /api/v1. @returns the data of the envelope @throws CliError */
  post<T>(path: string, body?: object): Promise<T> {
    return this.#data<T>('POST', path, body);
  }

  /** PUT under /api/v1. @returns the data of the envelope @throws CliError */
  put<T>(path: string, body: object): Promise<T> {
    return this.#data<T>('PUT', path, body);
  }

  /** POST under /api/v1 whose answer has what is wanted in a header. @throws CliError */
  async postForHeader(path: string, body: object | undefined, header: string): Promise<string | null> {
    const answer = await this.#request('POST', `/api/v1${path}`, body);
    await this.#open(answer);
    return answer.headers.get(header);
  }

  /** GET of a route outside the prefix and the envelope, /health for one. @throws CliError */
  async plain<T>(path: string): Promise<T> {
    const answer = await this.#request('GET', path);
    return this.#json(answer);
  }

  async #data<T>(method: string, path: string, body?: object): Promise<T> {
    return this.#open<T>(await this.#request(method, `/api/v1${path}`, body));
  }

  async #open<T>(answer: Response): Promise<T> {
    const envelope = await this.#json<{ success: boolean; code: string; message: string; data: T }>(answer);
    if (envelope.success !== true) {
      const { code = `HTTP_${answer.status}`, message = answer.statusText } = envelope;
      throw new CliError(code, say(message, inChinese(code, message)));
    }
    return envelope.data;
  }

  async #json<T>(answer: Response): Promise<T> {
    try {
      return (await answer.json()) as T;
    } catch {
      throw new CliError(
        'NOT_DAYLINE',
        say(
          `${this.url} answered, but not as Dayline does (HTTP ${answer.status}).`,
          `${this.url} 有应答，但不是 Dayline（HTTP ${answer.status}）。`,
        ),
      );
    }
  }

  async #request(method: string, path: string, body?: object): Promise<Response> {
    const headers: Record<string, string> = {};
    if (this.#token) headers.authorization = `Bearer ${this.#token}`;
    if (body) headers['content-type'] = 'application/json';
    try {
      return await fetch(this.url + path, {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'TimeoutError') {
        throw new CliError(
          'WEB_TIMEOUT',
          say(
            `${this.url} did not answer within ${ANSWER_TIMEOUT_MS / 1000} s.`,
            `${this.url} 在 ${ANSWER_TIMEOUT_MS / 1000} 秒内没有应答。`,
          ),
        );
      }
      throw new CliError(
        'WEB_UNREACHABLE',
        say(
          `Dayline isn't running at ${this.url}. Start it with \`npm start\`; if it runs with a DAYLINE_HOME of its own, set the same here; or name its address in DAYLINE_URL.`,
          `${this.url} 上没有运行 Dayline。请先执行 \`npm start\`；若启动时设置了 DAYLINE_HOME，这里也要设置；或用 DAYLINE_URL 指定地址。`,
        ),
      );
    }
  }
}
