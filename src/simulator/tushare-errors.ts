/**
 * TuShare's refusals, word for word, as captured from its answers and from users' logs (2019–2026). One code covers
 * opposite cases (40203 is both "slow down" and "never"), which is why a client has to read the message.
 */
export interface Refusal {
  readonly code: number;
  readonly msg: string;
}

const DETAILS = '权限的具体详情访问：https://tushare.pro/document/1?doc_id=108。';
const FREQUENCY = '具体频次详情：https://tushare.pro/document/1?doc_id=108。';

/** The refusal of a call over the per-minute limit, in the wording of 2026. */
export function tooFrequent(apiName: string, callsPerMinute: number): Refusal {
  return { code: 40203, msg: `抱歉，您访问接口(${apiName})频率超限(${callsPerMinute}次/分钟)，${FREQUENCY}` };
}

/** The refusal of a call that lacks a parameter. */
export function missingParameter(name: string): Refusal {
  return { code: 50101, msg: `必填参数, ${name}` };
}

/** Every refusal that can be asked for by name over the control endpoint. `{api}` becomes the called API's name. */
export const REFUSALS = {
  bad_token: { code: 40101, msg: '您的token不对，请确认。' },
  // The code of the older wording was never recorded; 40101 is what its successor carries.
  bad_token_old: { code: 40101, msg: '抱歉，您输入的TOKEN无效！' },
  unknown_api: { code: 40101, msg: '请指定正确的接口名' },
  no_permission: { code: 40203, msg: `抱歉，您没有接口访问权限，${DETAILS}` },
  no_permission_2026: { code: 40203, msg: `抱歉，您没有接口({api})访问权限，${DETAILS}` },
  no_permission_documented: { code: 2002, msg: `抱歉，您没有访问该接口的权限，${DETAILS}` },
  rate_minute: { code: 40203, msg: `抱歉，您每分钟最多访问该接口200次，${DETAILS}` },
  rate_minute_2026: tooFrequent('{api}', 200),
  rate_hour: { code: 40203, msg: `抱歉，您每小时最多访问该接口1次，${DETAILS}` },
  rate_hour_2026: { code: 40203, msg: `抱歉，您访问接口({api})频率超限(1次/小时)，${FREQUENCY}` },
  rate_day: { code: 40203, msg: `抱歉，您每天最多访问该接口2次，${DETAILS}` },
  ip_limit: { code: 40204, msg: '您的IP数量超限，最大数量为2个！' },
  missing_parameter: missingParameter('ts_code'),
  bad_parameters: { code: 50101, msg: '参数校验失败, ts_code,ex_date,pay_data,ann_date必选其一' },
  one_parameter_needed: { code: 50101, msg: '参数校验失败, ts_code,ann_date,period至少输入一个参数' },
  query_failed: { code: 50101, msg: '查询数据失败，请确认参数！可以反馈管理员协助您排查问题' },
  mysql_error: { code: 50101, msg: "查询数据失败，Error 1054: Unknown column 'id' in 'field list'" },
  system_internal: { code: -1000, msg: '系统内部错误' },
  // The codes of the next three were not recorded; 50101 is the server's general one.
  system_unknown: { code: 50101, msg: '系统未知错误，欢迎上报！ 谢谢！request-id(simulated)' },
  database_error: {
    code: 50101,
    msg: '服务器错误(数据库异常)，请稍后再试！期待您能把错误反馈给我们，谢谢！',
  },
  banned: { code: 40203, msg: '抱歉，检测到您存在恶意行为，现已被系统禁用！<100000>' },
} as const satisfies Record<string, Refusal>;

export type RefusalName = keyof typeof REFUSALS;

/** The named refusal as it reads for a call of `apiName`. */
export function refusal(name: RefusalName, apiName: string): Refusal {
  const { code, msg } = REFUSALS[name];
  return { code, msg: msg.replace('{api}', apiName) };
}
