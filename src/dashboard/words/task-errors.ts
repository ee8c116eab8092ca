/** What each way an attempt can end badly means in Chinese, and what to do; the message itself stays to be read and copied. */
import type { TaskErrorType } from '../../errors.ts';
import type { Language } from './languages.ts';

const CHINESE: Record<TaskErrorType, string> = {
  config_missing: '缺少必需的设置，请补上后重新运行。',
  unknown_dataset: '没有这个数据集，请检查名称。',
  invalid_params: '参数不正确，请修改后重新运行。',
  prerequisite_missing: '缺少前置数据，请先同步它依赖的数据集。',
  already_running: '同类历史同步正在运行，请等它结束后重新运行。',
  dependency_failed: '它依赖的任务失败，因此没有运行；请先解决那个任务，再重新运行。',
  dependency_cancelled: '它依赖的任务被取消，因此没有运行；需要时请一起重新运行。',
  tushare_token_invalid: 'TuShare 不接受 token，请检查 TUSHARE_TOKEN。',
  tushare_no_permission: 'TuShare 账号没有此接口的权限：积分不足，或需单独购买。',
  tushare_bad_request: 'TuShare 认为请求的参数不正确，请修改参数。',
  tushare_unknown_api: 'TuShare 没有这个接口，可能已更名或下线。',
  tushare_banned: 'TuShare 已禁用此账号，请联系 TuShare。',
  tushare_rate_limited: '调用超过 TuShare 的频率限制，会自动重试。',
  tushare_ip_limited: '使用此 token 的 IP 过多，请停止其他机器上的程序或设置代理。',
  tushare_server_error: 'TuShare 服务器出错，稍后会自动重试。',
  tushare_bad_answer: 'TuShare 的应答无法识别，稍后会自动重试。',
  network: '无法连接 TuShare，请检查网络与代理；会自动重试。',
  data_rejected: '数据未通过检查，没有入库；如反复出现请查看下面的信息。',
  no_data: 'TuShare 对应有数据的部分都返回了空，请检查账号权限，或稍后补数。',
  not_published: '数据很可能尚未发布，稍后会自动重试。',
  database: '写入或读取 Postgres 时出错，请检查数据库。',
  timeout: '超过时限，线程已终止；已入库的数据保留。请加长 timeout_seconds 或缩小范围后重新运行。',
  thread_crashed: '运行它的线程崩溃，已换上新线程，会自动重试。',
  out_of_memory: '线程内存不足，请缩小范围，或调高线程的内存上限。',
  result_invalid: '程序返回的结果不符合约定，请修正该数据集的程序。',
  supervisor_lost: '运行它的 supervisor 失去联系，任务会由其他 supervisor 接手。',
  fenced: '任务已由另一个 supervisor 接手，这次运行停止，不会重复写入。',
  internal: '程序内部错误，会自动重试；如反复出现，请把摘要发给我们。',
};

/** @returns null where the message says it all: in English, and for types that a newer version has */
export function taskErrorWords(language: Language, type: string): string | null {
  return language === 'zh' && Object.hasOwn(CHINESE, type) ? CHINESE[type as TaskErrorType] : null;
}
