/** How the commands tell moments: in Shanghai, and they say so. With --json they are as the API tells them. */
import { shanghaiIso } from '../api/shanghai-time.ts';
import { say } from './language.ts';

/** 2026-11-21 18:00:05, for a column that is headed "(Shanghai)". @param moment ISO 8601 in any zone */
export const shanghaiTime = (moment: string): string =>
  shanghaiIso(Date.parse(moment)).slice(0, 19).replace('T', ' ');

/** The same where nothing else names the zone. */
export const inShanghai = (moment: string): string =>
  say(`${shanghaiTime(moment)} Shanghai`, `${shanghaiTime(moment)}（上海）`);
