/** Bodies that a TuShare, a hotel's login page or an enemy might answer with. */
import fc from 'fast-check';
import daily from '../../../src/datasets/daily-close/daily.ts';
import { TOKEN } from '../support/server.ts';

export interface Content {
  name: string;
  body: Buffer;
}

/** The one day that bodies named `daily` are asked for. */
export const DAY = '20190108';

const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('NaN', 'Infinity', '-Infinity', '', '\0', '\ud800', '\\N', '\t\r\n\\', TOKEN),
  },
);
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 4, arbitrary: text },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

const hasMore = fc.constantFrom(undefined, undefined, null, false, false, true);
const envelope = (fields: unknown, items: unknown, has_more: unknown, more: object) => ({
  request_id: 'r',
  code: 0,
  msg: '',
  ...more,
  data: { fields, items, ...(has_more === undefined ? {} : { has_more }), count: -1 },
});
const moreKeys = fc.constantFrom({}, { msg: null }, { detail: null }, { message: 'ok' }, { code: -0 });

const table = fc
  .tuple(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 }), fc.nat(6))
  .chain(([fields, rows]) =>
    fc.record({
      fields: fc.constant(fields),
      items: fc.array(fc.array(value, { minLength: fields.length, maxLength: fields.length }), {
        minLength: rows,
        maxLength: rows,
      }),
      hasMore,
      moreKeys,
    }),
  )
  .map((made) => envelope(made.fields, made.items, made.hasMore, made.moreKeys));

/** Rows of `daily`: columns in any order, some more, some less; here and there a cell, or a whole row, is spoilt. */
const dailyTable = fc
  .record({
    fields: fc.shuffledSubarray(
      daily.fields.map(({ name }) => name),
      { minLength: daily.fields.length - 1 },
    ),
    extra: fc.constantFrom([], [], ['invented']),
    codes: fc.array(fc.constantFrom('000001.SZ', '600000.SH', '920001.BJ', '300114.SZ'), { maxLength: 5 }),
    numbers: fc.array(number, { minLength: 60, maxLength: 60 }),
    spoil: fc.oneof(fc.constant(null), fc.tuple(fc.nat(4), fc.nat(11), value)),
    hasMore,
  })
  .map(({ fields, extra, codes, numbers, spoil, hasMore }) => {
    const names = [...fields, ...extra];
    const items = codes.map((code, row) =>
      names.map((name, column): unknown => {
        if (name === 'ts_code') return code;
        return name === 'trade_date' ? DAY : (numbers[(row % 2) * 12 + column] as number);
      }),
    );
    const spoilt = spoil && items[spoil[0]];
    if (spoil && spoilt) spoilt[spoil[1] % names.length] = spoil[2];
    return envelope(names, items, hasMore, {});
  });

const KNOWN = [
  '抱歉，您每分钟最多访问该接口200次，权限的具体详情访问：https://tushare.pro/document/1?doc_id=108。',
  '抱歉，您访问接口(dividend)频率超限(500次/分钟)，具体频次详情：…',
  '抱歉，您每天最多访问该接口2次，权限的具体详情访问：…',
  '抱歉，您没有接口(fund_daily)访问权限，…',
  '您的token不对，请确认。',
  '请指定正确的接口名',
  '您的IP数量超限，最大数量为2个！',
  '必填参数, ts_code',
  '查询数据失败，请确认参数！',
  '抱歉，检测到您存在恶意行为，现已被系统禁用！<uid>',
];
const refusal = fc
  .record({
    code: fc.oneof(fc.constantFrom(40203, 40101, 40204, 50101, 2002, -1000), number, value),
    msg: fc.oneof(fc.constantFrom(...KNOWN), text, value, fc.constantFrom(TOKEN, '没有'.repeat(5_000))),
    message: fc.oneof(fc.constant(undefined), text),
    data: fc.constantFrom(null, undefined, {}, []),
  })
  .map((body) => JSON.parse(JSON.stringify({ request_id: 'r', ...body })));

/** A good envelope with one thing in it replaced, removed or doubled. */
const mutated = fc
  .tuple(fc.oneof(table, dailyTable), fc.nat(), fc.constantFrom('replace', 'remove', 'double'), value)
  .map(([good, at, how, other]) => {
    const spots: [holder: Record<string, unknown>, key: string][] = [];
    const walk = (holder: unknown) => {
      if (typeof holder !== 'object' || holder === null) return;
      for (const key of Object.keys(holder)) {
        spots.push([holder as Record<string, unknown>, key]);
        walk((holder as Record<string, unknown>)[key]);
      }
    };
    walk(good);
    const [holder, key] = spots[at % spots.length] as (typeof spots)[number];
    if (how === 'replace') holder[key] = other;
    else if (Array.isArray(holder))
      holder.splice(Number(key), 1, ...(how === 'double' ? [holder[Number(key)], holder[Number(key)]] : []));
    else delete holder[key];
    return good;
  });

const asJson = (name: string, made: fc.Arbitrary<unknown>): fc.Arbitrary<Content> =>
  made.map((value) => ({ name, body: Buffer.from(JSON.stringify(value)) }));

/** Text that is nearly JSON, or none. */
const broken: fc.Arbitrary<Content> = fc
  .tuple(fc.oneof(table, dailyTable), fc.nat(), fc.nat(13), fc.uint8Array({ maxLength: 200 }))
  .map(([good, at, kind, bytes]) => {
    const json = JSON.stringify(good);
    const cut = at % json.length;
    const bodies: (string | Buffer)[] = [
      json.slice(0, cut),
      Buffer.from(bytes),
      '',
      '<html><body>502 Bad Gateway</body></html>',
      json.replace(/(?<=[[,:])-?\d[\d.e+-]*/, 'NaN'),
      json.replace(/(?<=[[,:])-?\d[\d.e+-]*/, '1e999'),
      json.replace(/(?<=[[,:])-?\d[\d.e+-]*/, '123456789012345678901234567890'),
      `\ufeff${json}`,
      Buffer.from(json, 'utf16le'),
      Buffer.from(json.replace('"msg":""', '"msg":"\u00c6\u00bd\u00b0\u00b2"'), 'latin1'),
      `${json}${json}`,
      `{"code":0,"data":${'['.repeat(cut)}${']'.repeat(cut)}}`,
      `${json.slice(0, cut)}${TOKEN}${json.slice(cut)}`,
      `callback(${json});`,
    ];
    return { name: `broken ${kind}`, body: Buffer.from(bodies[kind] as string) };
  });

export const content: fc.Arbitrary<Content> = fc.oneof(
  { weight: 3, arbitrary: asJson('table', table) },
  { weight: 3, arbitrary: asJson('daily', dailyTable) },
  { weight: 3, arbitrary: asJson('refusal', refusal) },
  { weight: 6, arbitrary: asJson('mutated', mutated) },
  { weight: 3, arbitrary: broken },
  { weight: 1, arbitrary: asJson('any', fc.jsonValue()) },
);
