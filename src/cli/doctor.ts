/** `dayline doctor`: what is well, what is not, and how to mend it. Its checks are in doctor-checks.ts. */
import { type Config, loadConfig } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { redactor } from '../redact.ts';
import { runOfHome } from './address.ts';
import type { ApiClient } from './client.ts';
import {
  checkNode,
  checkPostgres,
  checkRedis,
  checkSettings,
  checkToken,
  checkWay,
  type Finding,
} from './doctor-checks.ts';
import { checkCall, checkWeb } from './doctor-web.ts';
import { printJson } from './json.ts';
import { say } from './language.ts';

export interface DoctorOptions {
  json?: boolean;
  /** Make one call to TuShare, in a task. */
  call?: boolean;
}

/**
 * Looks at everything Dayline needs, from this machine and with this environment, and at what a running web tells.
 * @returns exit code: 1 when something has failed; warnings alone are 0
 */
export async function doctor(client: ApiClient, options: DoctorOptions): Promise<number> {
  const findings = [checkNode(), ...(await findingsOf(client, options))];
  const failed = findings.some(({ status }) => status === 'failed');
  if (options.json) printJson({ ok: !failed, checks: findings });
  else console.log(findings.map(line).join('\n'));
  return failed ? 1 : 0;
}

async function findingsOf(client: ApiClient, { call = false }: DoctorOptions): Promise<Finding[]> {
  let config: Config;
  try {
    config = withRunning(loadConfig());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [
      {
        check: 'settings',
        status: 'failed',
        message: error.message,
        mend: say('Correct them.', '请更正这些设置。'),
      },
    ];
  }
  const redact = redactor(config);
  const [redis, postgres, way, web] = await Promise.all([
    checkRedis(config),
    checkPostgres(config),
    checkWay(config),
    checkWeb(client),
  ]);
  const called = call ? [await checkCall(client)] : [];
  const all = [checkSettings(), ...redis, ...postgres, checkToken(config), way, ...web, ...called];
  return all.map((finding) => ({ ...finding, message: redact(finding.message) }));
}

/** The embedded servers of a running `npm start` stand in for settings that are not made. */
function withRunning(config: Config): Config {
  const run = runOfHome(process.env);
  return {
    ...config,
    REDIS_URL: config.REDIS_URL || (run?.redis_url ?? ''),
    DATABASE_URL: config.DATABASE_URL || (run?.database_url ?? ''),
  };
}

const SIGNS: Record<Finding['status'], () => string> = {
  ok: () => say('ok     ', '正常'),
  warning: () => say('warning', '警告'),
  failed: () => say('FAILED ', '失败'),
};

function line({ check, status, message, mend }: Finding): string {
  const said = `${SIGNS[status]()}  ${check.padEnd(15)} ${message}`;
  return mend === null ? said : `${said}\n         → ${mend}`;
}
