// Every message of the protocol notes 1.4, in all its recorded wordings and numbers, against its meaning.
import t from 'tap';
import type { TaskErrorType } from '../../src/errors.ts';
import { classify, type Verdict } from '../../src/tushare/classify.ts';
import { makeClient, refusal, startServer } from './support/server.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** 2026-11-21 15:00 in Shanghai: nine hours of the day are left. */
const NOW = Date.UTC(2026, 10, 21, 7);
const DETAILS = '权限的具体详情访问：https://tushare.pro/document/1?doc_id=108。';

const perMinute: Verdict = { type: 'tushare_rate_limited', retryAfterMs: MINUTE_MS, frequency: true };
const guess: Verdict = { type: 'tushare_rate_limited', retryAfterMs: MINUTE_MS };
const perHour: Verdict = { type: 'tushare_rate_limited', retryAfterMs: HOUR_MS };
const perDay: Verdict = { type: 'tushare_rate_limited', retryAfterMs: 9 * HOUR_MS };
const only = (type: TaskErrorType): Verdict => ({ type });

const RECORDED: [code: number, message: string, verdict: Verdict][] = [
  ...[2, 200, 500, 600, 800].map((calls): [number, string, Verdict] => [
    40203,
    `抱歉，您每分钟最多访问该接口${calls}次，${DETAILS}`,
    perMinute,
  ]),
  [
    40203,
    '抱歉，您访问接口(dividend)频率超限(500次/分钟)，具体频次详情：https://tushare.pro/document/1?doc_id=108。',
    perMinute,
  ],
  [
    40203,
    '抱歉，您访问接口(daily)频率超限(5次/分钟)，具体频次详情：https://tushare.pro/document/1?doc_id=108。',
    perMinute,
  ],
  [
    40203,
    '抱歉，您访问接口(daily)频率超限(200次/分钟)，具体频次详情：https://tushare.pro/document/1?doc_id=108。',
    perMinute,
  ],
  [
    40203,
    '抱歉，您访问接口(stock_basic)频率超限(1次/小时)，具体频次详情：https://tushare.pro/document/1?doc_id=108。',
    perHour,
  ],
  [
    40203,
    '抱歉，您访问接口(news)频率超限(2次/天)，具体频次详情：https://tushare.pro/document/1?doc_id=108。',
    perDay,
  ],
  [40203, `抱歉，您每小时最多访问该接口1次，${DETAILS}`, perHour],
  [40203, `抱歉，您每天最多访问该接口2次，${DETAILS}`, perDay],
  [40203, `抱歉，您没有接口访问权限，${DETAILS}`, only('tushare_no_permission')],
  [40203, `抱歉，您没有接口(fund_daily)访问权限，${DETAILS}`, only('tushare_no_permission')],
  [2002, `抱歉，您没有访问该接口的权限，${DETAILS}`, only('tushare_no_permission')],
  [2002, '', only('tushare_no_permission')],
  [2002, '您的积分不足', only('tushare_no_permission')],
  [40101, '您的token不对，请确认。', only('tushare_token_invalid')],
  [40101, '抱歉，您输入的TOKEN无效！', only('tushare_token_invalid')],
  [-1, 'Token无效: Token不存在', only('tushare_token_invalid')],
  [40101, '请指定正确的接口名', only('tushare_unknown_api')],
  ...[2, 5, 10].map((ips): [number, string, Verdict] => [
    40204,
    `您的IP数量超限，最大数量为${ips}个！`,
    { type: 'tushare_ip_limited', retryAfterMs: 30 * MINUTE_MS },
  ]),
  [50101, '必填参数, ts_code', only('tushare_bad_request')],
  [50101, '必填参数, trade_date', only('tushare_bad_request')],
  [50101, '必填参数, index_code', only('tushare_bad_request')],
  [40002, '必填参数 ts_code', only('tushare_bad_request')],
  [50101, '参数校验失败, ts_code,ex_date,pay_data,ann_date必选其一', only('tushare_bad_request')],
  [50101, '参数校验失败, ts_code,ann_date,period至少输入一个参数', only('tushare_bad_request')],
  [50101, 'ts_code和nav_date至少填写一个', only('tushare_bad_request')],
  [50101, '查询数据失败，请确认参数！可以反馈管理员协助您排查问题', only('tushare_server_error')],
  [50101, "(pymysql.err.OperationalError) Error 1054: Unknown column 'x'", only('tushare_server_error')],
  [-1000, '系统内部错误', only('tushare_server_error')],
  [-1, '系统未知错误，欢迎上报！ 谢谢！request-id(3f2a)', only('tushare_server_error')],
  [-1, '服务器错误(数据库异常)，请稍后再试！期待您能把错误反馈给我们，谢谢！', only('tushare_server_error')],
  [-1, '抱歉，检测到您存在恶意行为，现已被系统禁用！<uid>', only('tushare_banned')],
];

for (const [code, message, verdict] of RECORDED) {
  t.same(classify(code, message, NOW), verdict, `${code} ${message || '(no message)'} → ${verdict.type}`);
}

t.test('the message decides, whatever the code', async (t) => {
  for (const code of [0.5, -2001, 1, 40101, 50101, Number.NaN])
    t.same(classify(code, `抱歉，您每分钟最多访问该接口200次，${DETAILS}`, NOW), perMinute);
});

t.test('a huge message is read in no time: only its start counts', async (t) => {
  const huge = '没有'.repeat(5_000_000);
  const began = performance.now();
  t.same(classify(777, huge, NOW), only('tushare_server_error'));
  t.ok(performance.now() - began < 1_000);
});

t.test('a day ends at midnight in Shanghai', async (t) => {
  const wait = (now: number) => classify(40203, '您每天最多访问该接口2次', now).retryAfterMs;
  t.equal(wait(Date.UTC(2026, 10, 21, 16)), 24 * HOUR_MS, 'at 00:00 a whole day');
  t.equal(wait(Date.UTC(2026, 10, 21, 15, 59, 59, 999)), 1, 'at 23:59:59.999 one millisecond');
});

t.test('messages that nobody has recorded', async (t) => {
  t.same(classify(12345, '新的错误', NOW), only('tushare_server_error'), 'unknown: retried, bounded');
  t.same(
    classify(40203, '新的错误', NOW),
    guess,
    'may be "never" as well: waits, and is not retried in the client',
  );
  t.same(classify(40101, '新的错误', NOW), only('tushare_token_invalid'));
});

t.test('the client turns a refusal into the error of its type, and does not retry it', async (t) => {
  for (const [code, message, verdict] of RECORDED.filter(([, , verdict]) => !verdict.frequency)) {
    const server = await startServer(t, (_request, response) => response.end(refusal(code, message)));
    const { client } = makeClient(t, server.url);
    await t.rejects(client.call('daily', {}, []), {
      type: verdict.type,
      message: `daily: TuShare refused it: ${message || 'no message'} (code ${code})`,
    });
    t.equal(server.requests.length, 1);
  }
});

t.test(
  'older answers carry the text in `message`; a code that is no number does not hide a known text',
  async (t) => {
    const bodies = [
      JSON.stringify({ code: 40101, msg: null, message: '您的token不对，请确认。', data: null }),
      refusal('40101', '您的token不对，请确认。'),
    ];
    for (const body of bodies) {
      const server = await startServer(t, (_request, response) => response.end(body));
      const { client } = makeClient(t, server.url);
      await t.rejects(client.call('daily', {}, []), { name: 'TaskError', type: 'tushare_token_invalid' });
    }
  },
);
