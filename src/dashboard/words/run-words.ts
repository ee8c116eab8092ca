/**
 * What a run, a plan, a schedule and the catalogue say, in Chinese. They write English sentences, which are kept as they are
 * (src/sync/verdict.ts, oddities.ts, warnings.ts, run.ts; workers/thread-line.ts; src/scheduler/firing.ts; src/api/plan-preview.ts, coverage.ts; refusal.ts);
 * test/dashboard/run-words.test.ts takes from there what it can, so that none changes without its Chinese.
 */
import type { Language } from './languages.ts';

type Sentence = readonly [english: RegExp, chinese: (...found: string[]) => string];

const CHECKS: Record<string, string> = {
  'low is above open or close, or high below': '最低价高于开盘或收盘价，或最高价低于它们',
  'change or pct_chg contradicts close and pre_close': '涨跌额或涨跌幅与收盘价、昨收价不符',
};

/** Parts of "Of n partitions …". */
const FOUND: Sentence[] = [
  [/^(\d+) failed \(sync_failure_records\)$/, (n) => `${n} 个失败（见 sync_failure_records）`],
  [
    /^(\d+) answered without a row and are asked for again later$/,
    (n) => `${n} 个没有返回数据，稍后重新获取`,
  ],
  [/^(\d+) stay empty after several answers$/, (n) => `${n} 个多次返回空数据，确认为空`],
  [/^(\d+) have fewer rows than expected$/, (n) => `${n} 个行数少于预期`],
];

const SENTENCES: Sentence[] = [
  [/^(\d+) of (\d+) units stored\.?$/, (done, all) => `已入库 ${done} / ${all} 个单元`],
  [
    /^Of (\d+) partitions (.*)\.$/,
    (n, found) =>
      `${n} 个分区中，${found
        ?.split(', ')
        .map((part) => say(FOUND, part))
        .join('，')}。`,
  ],
  [/^(\d+) rows were restated \(row_revisions\)\.$/, (n) => `${n} 行被上游修订（见 row_revisions）。`],
  [
    /^(\d+) codes were replaced by others \(code_changes\)\.$/,
    (n) => `${n} 个代码被新代码取代（见 code_changes）。`,
  ],
  [
    /^(\d+) rows of (\S+) came twice and were stored once\.$/,
    (n, dataset) => `${dataset} 有 ${n} 行重复，各存一次。`,
  ],
  [
    /^(\d+) rows of (\S+), in which (.*), were stored as they came \((.*)\)\.$/,
    (n, dataset, check, keys) =>
      `${dataset} 有 ${n} 行${CHECKS[check ?? ''] ?? `异常（${check}）`}，已原样入库（${keys}）。`,
  ],
  [
    /^The trading calendar is empty, so .*; submit trade_cal full\.$/,
    () => '交易日历为空，周一至周五都当作交易日；请提交 trade_cal full。',
  ],
  [
    /^Nothing of (\S+) is known to be stored, so .*; submit \S+ history for those before\.$/,
    (dataset) => `${dataset} 尚无已入库的记录，只获取了最近几天；更早的请提交 ${dataset} history。`,
  ],
  [
    /^the task of an earlier moment had not begun, and does its work too$/,
    () => '更早一次的任务尚未开始，它会一并完成这次的工作',
  ],
  [/^no supervisor was there to fire it$/, () => '当时没有存活的 supervisor 来运行它'],
  [
    /^the queue was not available for longer than the grace of its job$/,
    () => '队列不可用的时间超过了它的宽限期',
  ],
  [/^waiting for the call window$/, () => '正在等待调用窗口'],
  [/^TuShare sells the permission for it apart from points\.?$/, () => '此接口的权限需在积分之外单独购买。'],
  [
    /^TuShare has retired it \((.*?)\)(?:; use (.*))?$/,
    (reason, use) =>
      `TuShare 已下线此接口（${reason}）${use ? `，请改用 ${use.replaceAll(' or ', ' 或 ')}` : ''}。`,
  ],
  [
    /^No call before (\d+) s have passed: Redis had lost what it counted$/,
    (seconds) => `${seconds} 秒内不会调用：Redis 丢失了调用计数。`,
  ],
  [
    /^(\S+) is closed until (a person reopens it|\S+): (.*)$/,
    (scope, until, reason) =>
      `${scope === 'all' ? '所有接口' : scope} 已关闭，直到${until?.startsWith('a ') ? '有人重新打开' : ` ${until}`}：${reason}`,
  ],
  [
    /^Its deadline is (\d+) minutes, its calls alone take (\d+): .*$/,
    (allowed, needed) =>
      `时限为 ${allowed} 分钟，仅调用就需 ${needed} 分钟：请加长 timeout_seconds；届时已入库的保留。`,
  ],
  [
    /^The trading calendar ends at (\S+): submit trade_cal full\.$/,
    (day) => `交易日历止于 ${day}，请提交 trade_cal full。`,
  ],
];

/** @returns the message itself in English, or where a sentence is not known (one of a runner of your own) */
export function runWords(language: Language, message: string): string {
  if (language === 'en') return message;
  return message
    .split(/(?<=\.) (?=[A-Z0-9])|; (?=waiting)/)
    .map((sentence) => say(SENTENCES, sentence))
    .join(message.includes('; waiting') ? '；' : '');
}

function say(sentences: Sentence[], text: string): string {
  for (const [english, chinese] of sentences) {
    const found = english.exec(text);
    if (found) return chinese(...found.slice(1));
  }
  return text;
}
