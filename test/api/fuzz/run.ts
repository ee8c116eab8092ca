/** Sends requests made from the OpenAPI document to a real web with a real Redis and Postgres, and judges each answer. */
import http from 'node:http';
import fc from 'fast-check';
import { Closures } from '../../../src/limits/closures.ts';
import { connect } from '../../limits/support/window.ts';
import { startApi, testConfig } from '../../support/api.ts';
import { startStack } from '../../support/stack.ts';
import type { Torn } from '../../support/torn.ts';
import { operationsOf } from './document.ts';
import { type FuzzAnswer, judge } from './judge.ts';
import { type FuzzRequest, type Known, requestsFor } from './requests.ts';

const AT_ONCE = 8;
const SECRETS = {
  TUSHARE_TOKEN: 'tushare-secret-4f1b9c',
  API_READ_TOKENS: 'reader-secret-4f1b9c',
  API_OPERATE_TOKENS: 'operator-secret-4f1b9c',
};

/** Bodies that go well, of operations that chance hardly pleases. */
const GOOD: Record<string, unknown> = {
  'POST /api/v1/session': { token: SECRETS.API_READ_TOKENS },
  'POST /api/v1/executions': { datasets: ['weekly', 'monthly'] },
};

export interface FuzzReport {
  requests: number;
  /** `GET /api/v1/tasks 2xx` → how many. */
  outcomes: Map<string, number>;
  /** Of each kind the first, with the request that showed it. */
  failures: string[];
}

/** @param seed makes the same requests again */
export async function fuzz(
  t: Torn,
  { requests, seed }: { requests: number; seed: number },
  said: (done: number) => void = () => {},
): Promise<FuzzReport> {
  const stack = await startStack(t, SECRETS);
  const api = await startApi(t, stack.env);
  const bearer = { authorization: `Bearer ${SECRETS.API_OPERATE_TOKENS}` };
  const known: Known = {
    id: [
      (await api.post('/api/v1/tasks', { dataset: 'daily' }, bearer)).body.data.task_id,
      (await api.post('/api/v1/executions', { datasets: ['weekly', 'monthly'] }, bearer)).body.data
        .execution_id,
    ],
    name: ['daily', 'stock_basic', 'trade_cal', 'income', 'adj_factor'],
    dataset: ['daily', 'stock_basic'],
    job_id: ['sync_daily_by_date', 'sync_stock_basic', 'sync_concept_data'],
    scope: ['all', 'daily'],
    date: ['20260105', '20190102'],
    ts_code: ['000001.SZ', '600000.SH'],
  };
  const config = testConfig(stack.env);
  await new Closures(connect(t, stack.redis.url), config).close('daily', null, 'by the fuzz', 'banned');
  const operations = operationsOf((await api.get('/docs/json')).body);
  const tokens = [SECRETS.API_OPERATE_TOKENS, SECRETS.API_READ_TOKENS];
  const each = Math.ceil(requests / operations.length);
  const made = operations.flatMap((operation, n) =>
    fc.sample(requestsFor(operation, known, tokens, GOOD[`${operation.method} ${operation.path}`]), {
      numRuns: each,
      seed: seed + n,
    }),
  );
  // round the operations, so that what one does meets what another asks
  const order = made.map((_, n) => made[(n % operations.length) * each + Math.floor(n / operations.length)]);
  const secrets = [...Object.values(SECRETS), ...passwordsOf(stack.env)];
  const report: FuzzReport = { requests: 0, outcomes: new Map(), failures: [] };
  const seen = new Set<string>();
  const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
  t.teardown(() => agent.destroy());
  const queue = order.values();
  const worker = async () => {
    for (const request of queue) {
      if (!request) continue;
      const answer = await send(api.url, request, agent);
      const { method, path } = request.operation;
      const outcome = `${method} ${path} ${Math.floor(answer.status / 100)}xx`;
      report.outcomes.set(outcome, (report.outcomes.get(outcome) ?? 0) + 1);
      for (const fault of judge(request.operation, answer, secrets)) {
        const kind = `${method} ${path}: ${fault}`;
        if (!seen.has(kind))
          report.failures.push(`${kind}\n${told(request)}\n→ ${answer.text.slice(0, 500)}`);
        seen.add(kind);
      }
      report.requests += 1;
      said(report.requests);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return report;
}

/** A stream of events is not read to its end: it has none. */
function send(
  base: string,
  { operation, url, headers, body }: FuzzRequest,
  agent: http.Agent,
): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const sent = http.request(base + url, { method: operation.method, headers, agent }, (answer) => {
      const type = answer.headers['content-type'] ?? '';
      const status = answer.statusCode ?? 0;
      let text = '';
      if (type.startsWith('text/event-stream')) {
        answer.destroy();
        resolve({ status, type, text });
        return;
      }
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.once('end', () => resolve({ status, type, text })).once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

const told = ({ operation, url, headers, body }: FuzzRequest): string =>
  `${operation.method} ${url}\n${JSON.stringify(headers)}\n${body?.slice(0, 500) ?? '(no body)'}`;

const passwordsOf = (env: Record<string, string>): string[] =>
  [env.REDIS_URL, env.DATABASE_URL].flatMap((url) => (url ? [new URL(url).password] : [])).filter(Boolean);
