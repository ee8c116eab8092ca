/** What each error code of the API means, in Chinese. The API itself answers in English, with the particulars. */
import type { ApiErrorCode } from '../errors.ts';

const WORDS: Record<ApiErrorCode, string> = {
  VALIDATION_FAILED: '请求的格式不正确',
  INVALID_PARAMS: '参数不正确',
  UNAUTHORIZED: '需要有效的令牌，请设置 DAYLINE_API_TOKEN',
  FORBIDDEN: '没有权限执行此操作',
  NOT_FOUND: '没有这个地址，命令与服务的版本可能不一致',
  TASK_NOT_FOUND: '没有这个任务',
  SUPERVISOR_NOT_FOUND: '没有这个存活的 supervisor',
  UNKNOWN_DATASET: '没有这个数据集，可用 `npx dayline datasets` 查看',
  TASK_NOT_PENDING: '任务不在等待中，无法取消；运行中的任务请用 stop',
  TASK_NOT_RUNNING: '任务不在运行中，无法停止；等待中的任务请用 cancel',
  TASK_NOT_RETRYABLE: '任务不能重新运行：只有失败或已取消且尚未重新运行的任务可以',
  ALREADY_RUNNING: '同类历史同步正在运行，请等它结束或先停止它',
  EXECUTION_NOT_FOUND: '没有这次执行',
  EXECUTION_ENDED: '这次执行已经结束',
  NOTHING_TO_RETRY: '没有失败或已取消的任务可以重新运行',
  BODY_TOO_LARGE: '请求内容过大',
  UNSUPPORTED_MEDIA_TYPE: '请求的内容类型不受支持',
  RATE_LIMITED: '请求过于频繁，请稍后再试',
  DATASET_UNAVAILABLE: '这个数据集已下线或暂不能同步',
  TUSHARE_TOKEN_MISSING: '没有配置 TuShare token，请设置 TUSHARE_TOKEN 后重新启动',
  PREREQUISITE_MISSING: '缺少前置数据，请先提交所需的数据集',
  INTERNAL_SERVER_ERROR: '服务器内部错误，请稍后重试',
  QUEUE_UNAVAILABLE: '任务队列不可用：Redis 未启用或没有应答，未执行任何操作',
  DATABASE_UNAVAILABLE: '无法读取已入库的数据：Postgres 没有应答',
  HISTORY_UNAVAILABLE: '无法读取任务历史：Postgres 没有应答',
  SCHEDULES_UNAVAILABLE: '无法读取或修改定时任务：Postgres 没有应答',
};

/** @returns the meaning with the API's own message behind it; that alone for a code which is not known here */
export function inChinese(code: string, message: string): string {
  const words = Object.hasOwn(WORDS, code) ? WORDS[code as ApiErrorCode] : undefined;
  return words === undefined || words === message ? message : `${words}（${message}）`;
}
