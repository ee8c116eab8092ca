/** What the commands share: the way to web, options that mean the same everywhere, and the exit code. */
import { Option } from 'commander';
import { PRIORITY_NAMES } from '../api/task-view.ts';
import { findWeb } from './address.ts';
import { ApiClient } from './client.ts';
import { say } from './language.ts';

export function connect(): ApiClient {
  return new ApiClient(findWeb(), process.env.DAYLINE_API_TOKEN);
}

export async function exitWith(code: number | Promise<number>): Promise<void> {
  process.exitCode = await code;
}

export const jsonOption = (): Option => new Option('--json', say('as JSON', '输出 JSON'));

export const priorityOption = (): Option =>
  new Option('--priority <priority>', say('who goes first', '优先级')).choices(PRIORITY_NAMES);
