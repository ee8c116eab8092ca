/** What a run and its errors say, in Chinese: every sentence that the engine can write has its words in the page. */
import t from 'tap';
import { runWords } from '../../src/dashboard/words/run-words.ts';
import { taskErrorWords } from '../../src/dashboard/words/task-errors.ts';
import { unitWords } from '../../src/dashboard/words/units.ts';
import { allBuiltIn } from '../../src/datasets/built-in.ts';
import { BAR_CHECKS } from '../../src/datasets/checks.ts';
import daily from '../../src/datasets/daily-close/daily.ts';
import fieldsZh from '../../src/datasets/fields.zh.json' with { type: 'json' };
import { warningOf } from '../../src/datasets/refusal.ts';
import { TASK_ERRORS } from '../../src/errors.ts';
import { inSentences } from '../../src/sync/oddities.ts';
import { inWords } from '../../src/sync/verdict.ts';
import { warningsOf } from '../../src/sync/warnings.ts';

/** Latin words that are no names: what was left in English. */
const english = (text: string) =>
  text.replace(/[\w.]*[_.\d]\w*|daily|history|full/g, '').match(/[a-z]{2,}/gi);

t.test('every sentence about a run', async (t) => {
  const verdict = {
    dataset: 'daily',
    partitions: 9,
    failed: 1,
    missing: ['20260105'],
    empty_confirmed: 2,
    partial: 3,
  };
  const warnings = warningsOf(daily, 'incremental', null);
  t.equal(warnings.length, 2);
  const oddities = Object.fromEntries(
    [...BAR_CHECKS.map(({ name }) => name), 'repeated'].map((name) => [
      `daily ${name}`,
      { rows: 7, first: ['600000.SH 2026-01-05', '600001.SH 2026-01-05'] },
    ]),
  );
  const told = inWords([verdict], 4, 5, warnings) as string;
  const sentences = [told, ...inSentences(oddities, new Map([['daily', daily]]))];
  const message = sentences.join(' ');
  const chinese = runWords('zh', message);
  t.equal(english(chinese), null, chinese);
  for (const value of ['9', '1 个失败', '2 个多次', '3 个行数', '4 行', '5 个代码', '600001.SH 2026-01-05'])
    t.ok(chinese.includes(value), value);
  for (const dataset of await allBuiltIn())
    t.equal(
      english(runWords('zh', warningOf(dataset) ?? '').replace(/TuShare|（.*）|请改用 .*/g, '')),
      null,
      dataset.name,
    );
  t.equal(runWords('zh', '3 of 12 units stored'), '已入库 3 / 12 个单元');
  const waits = '3 of 12 units stored; waiting for the call window'; // workers/thread-line.ts
  t.equal(runWords('zh', waits), '已入库 3 / 12 个单元；正在等待调用窗口');
  t.equal(runWords('en', message), message);
  t.equal(runWords('zh', 'step 4'), 'step 4', 'what a runner of your own says stays as it is');
});

t.test('every way an attempt can end badly', async (t) => {
  for (const type of Object.keys(TASK_ERRORS))
    t.match(taskErrorWords('zh', type), /[\u4e00-\u9fff]{3}/, type);
  t.equal(taskErrorWords('en', 'network'), null);
});

t.test('every field and unit of every dataset that comes with Dayline', async (t) => {
  const chinese: Record<string, Record<string, string>> = fieldsZh;
  const datasets = await allBuiltIn();
  for (const { name, fields } of datasets) {
    t.same(
      Object.keys(chinese[name] ?? {}),
      fields.map((field) => field.name),
      name,
    );
    t.same(english(fields.map(({ unit = null }) => unitWords('zh', unit)).join(' ')), null, name);
  }
  t.same(Object.keys(chinese), datasets.map(({ name }) => name).sort());
});
