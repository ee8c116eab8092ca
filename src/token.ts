/** Whether there is a TuShare token. Apart from config.ts, whose schema library costs a fresh thread 150 ms. */
import type { Config } from './config.ts';

/** The value the seeds ship in their example file; it counts as "not configured". */
export const TOKEN_PLACEHOLDER = 'your_tushare_token_here';

/** Whether a usable TuShare token is configured. */
export function hasTushareToken(config: Pick<Config, 'TUSHARE_TOKEN'>): boolean {
  return config.TUSHARE_TOKEN !== '' && config.TUSHARE_TOKEN !== TOKEN_PLACEHOLDER;
}
