/** Where Dayline is: by the environment, else by what `dayline up` wrote into its run file. */
import { daylineHome } from '../embedded/home.ts';
import { presentRun, type Run } from '../up/run-file.ts';
import { CliError } from './client.ts';
import { say } from './language.ts';

const DEFAULT_URL = 'http://127.0.0.1:8710';

/** @returns the base URL of web; it isn't asked whether anybody is there */
export function findWeb(env: NodeJS.ProcessEnv = process.env): string {
  return env.DAYLINE_URL || runOfHome(env)?.web || DEFAULT_URL;
}

/**
 * The URL of the database, with its password: whoever asks for it wants to connect.
 * @throws CliError when neither DATABASE_URL nor a running `dayline up` names one
 */
export function findDatabase(env: NodeJS.ProcessEnv = process.env): string {
  const url = env.DATABASE_URL || runOfHome(env)?.database_url;
  if (url) return url;
  throw new CliError(
    'NOT_RUNNING',
    say(
      'No database is known: set DATABASE_URL, or start the embedded one with `npm start`.',
      '没有可用的数据库：请设置 DATABASE_URL，或先运行 `npm start`。',
    ),
  );
}

/** The run file is its owner's alone: who may not read it has no Dayline of their own running there. */
export function runOfHome(env: NodeJS.ProcessEnv): Run | undefined {
  try {
    return presentRun(daylineHome(env.DAYLINE_HOME ?? '', env));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return undefined;
    throw error;
  }
}
