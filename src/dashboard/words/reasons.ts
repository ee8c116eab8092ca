/** Why /health says degraded, in Chinese; the API says it in English, with particulars that only some reasons have. */
import type { Language } from './language.tsx';

const CHINESE: Record<string, string> = {
  queue_unavailable: '任务队列不可用：无法提交或执行任务',
  no_supervisor: '没有存活的 supervisor，等待中的任务不会被执行',
  draining: '所有 supervisor 都在排空，等待中的任务要等其中一个恢复或启动新的',
  work_stuck: '有空闲线程，但可执行的任务迟迟没有开始',
  settings_mismatch: '各 supervisor 的调用窗口设置不一致，请统一设置',
  call_window_closed: 'Redis 丢失了调用计数，调用窗口暂时关闭',
  tushare_closed: 'TuShare 目前拒绝所有调用',
  history_behind: '任务历史尚未全部写入 Postgres，由 Redis 暂存',
  history_refused: '有任务的结局没有写入任务历史，请查看 Redis 中的列表 audit_refused，然后删除它',
  postgres_unavailable: 'Postgres 不可用：同步会失败或等待',
  redis_evicts: 'Redis 可能淘汰数据，请设置 maxmemory-policy noeviction',
  schedule_broken: '有定时设置无法执行',
  job_silent: '有定时任务已多日没有成功',
  calendar_ends: '交易日历即将用完，请提交 trade_cal',
  redis_no_aof: 'Redis 没有开启 AOF，重启可能丢失任务',
};

/** What these say in English is all in the Chinese. */
const WHOLE = new Set(['queue_unavailable', 'no_supervisor', 'draining']);

export function reasonWords(language: Language, code: string, message: string): string {
  const known = CHINESE[code];
  if (language === 'en' || !known) return message;
  return WHOLE.has(code) ? `${known}。` : `${known}（${message}）`;
}
