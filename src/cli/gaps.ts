/** `dayline gaps`: what is missing, of one dataset or of all that are stored. */
import type { GapsAnswer } from '../api/coverage.ts';
import type { DatasetSummary } from '../api/datasets.ts';
import type { PartitionState } from '../sync/coverage-view.ts';
import type { ApiClient } from './client.ts';
import { printJson } from './json.ts';
import { say } from './language.ts';
import { table } from './table.ts';

export interface GapsOptions {
  from?: string;
  to?: string;
  limit?: string;
  json?: boolean;
}

/** Exit code when something is missing: 1 is for what could not be found out. */
const GAPS_FOUND = 2;
const LIMIT = 40;

export const GAPS_EXAMPLES = `
${say('Examples:', '示例：')}
  dayline gaps
      ${say('every dataset that something is stored of', '已有数据的全部数据集')}
  dayline gaps daily --from 19901219
      ${say('since the first trading day; without --from since the first day that is stored', '自第一个交易日起；不带 --from 时自已入库的第一天起')}
  dayline gaps daily --json
${say('absent: expected and never asked for. missing: answered without a row. partial: fewer rows than expected.', 'absent：应有但从未请求；missing：应答无数据；partial：行数不足；failed：获取失败。')}
${say('Exit codes: 0 nothing is missing, 2 something is, 1 it could not be found out.', '退出码：0 无缺失，2 有缺失，1 无法得知。')}`;

/** Shows the gaps of a dataset. @returns exit code */
export async function showGaps(client: ApiClient, dataset: string, options: GapsOptions): Promise<number> {
  const answer = await gapsOf(client, dataset, options, Number(options.limit ?? LIMIT));
  if (options.json) printJson(answer);
  else console.log(gapLines(answer).join('\n'));
  return answer.partitions > 0 ? GAPS_FOUND : 0;
}

/** Shows how much is missing of each dataset that something is stored of. @returns exit code */
export async function showAllGaps(client: ApiClient, options: GapsOptions): Promise<number> {
  const { datasets } = await client.get<{ datasets: DatasetSummary[] }>('/datasets');
  const stored = datasets.filter((dataset) => dataset.stored !== null);
  const answers: GapsAnswer[] = [];
  for (const { name } of stored) answers.push(await gapsOf(client, name, options, 1));
  const lacking = answers.filter(({ partitions }) => partitions > 0);
  if (options.json) printJson(answers);
  else if (stored.length === 0) console.log(say('Nothing is stored yet.', '还没有入库的数据。'));
  else {
    const header = say('dataset,latest,absent,missing,partial,failed', '数据集,最新,未请求,无数据,不足,失败');
    const rows = answers.map(({ dataset, states }, at) => [
      dataset,
      stored[at]?.stored?.latest ?? null,
      states.absent,
      states.missing,
      states.partial,
      states.failed,
    ]);
    console.log(table(header.split(','), rows));
  }
  return lacking.length > 0 ? GAPS_FOUND : 0;
}

function gapsOf(
  client: ApiClient,
  dataset: string,
  { from, to }: GapsOptions,
  limit: number,
): Promise<GapsAnswer> {
  const query = new URLSearchParams({ limit: String(limit), ...(from && { from }), ...(to && { to }) });
  return client.get<GapsAnswer>(`/datasets/${encodeURIComponent(dataset)}/gaps?${query}`);
}

/** A table of gaps that fits a terminal, and what to do. */
export function gapLines({ dataset, expected, partitions, gaps, total, from }: GapsAnswer): string[] {
  const lines: string[] = [];
  if (expected.reason)
    lines.push(
      say(
        `What should be there is not fully known: ${expected.reason}`,
        `尚不完全知道应有哪些数据：${expected.reason}`,
      ),
    );
  if (partitions === 0) {
    const since = from === null ? '' : say(` since ${from}`, `（自 ${from}）`);
    return [...lines, say(`${dataset}: nothing is missing${since}.`, `${dataset}：没有缺失${since}。`)];
  }
  const header = say(
    'state,first,last,count,rows,of,asked again',
    '状态,起,止,数量,行数,应有,自动重试',
  ).split(',');
  const rows = gaps.map((gap) => [
    stateName(gap.state),
    gap.first,
    gap.last === gap.first ? '' : gap.last,
    gap.partitions,
    gap.fetched_rows,
    gap.expected_rows,
    gap.asked_again ? say('yes', '是') : say('no', '否'),
  ]);
  lines.push(table(header, rows));
  if (total > gaps.length)
    lines.push(
      say(`… and ${total - gaps.length} more: --limit`, `……另有 ${total - gaps.length} 处：--limit`),
    );
  lines.push(
    '',
    say(
      `${partitions} are missing or short. Fetch them with \`npx dayline backfill ${dataset}\`.`,
      `共 ${partitions} 个缺失或不足。可用 \`npx dayline backfill ${dataset}\` 补齐。`,
    ),
  );
  return lines;
}

function stateName(state: PartitionState): string {
  const chinese: Record<PartitionState, string> = {
    complete: '完整',
    partial: '不足',
    missing: '无数据',
    empty_confirmed: '确认为空',
    failed: '失败',
    absent: '未请求',
  };
  return say(state, chinese[state]);
}
