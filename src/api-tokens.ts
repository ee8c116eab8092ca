/** The tokens of the API, as API_READ_TOKENS and API_OPERATE_TOKENS list them: `secret`, or `name:secret`. */
import { commaList } from './comma-list.ts';
import type { Config } from './config.ts';

/** read: queries. operate: everything. */
export type Role = 'read' | 'operate';

export interface ApiToken {
  role: Role;
  /** Who uses it, for the log of actions; without one its role and place in the setting: `operate-1`. */
  name: string;
  secret: string;
}

export type TokenSettings = Pick<Config, 'API_READ_TOKENS' | 'API_OPERATE_TOKENS'>;

/** Operate tokens first: one that stands in both settings operates. */
export function apiTokens(config: TokenSettings): ApiToken[] {
  return [...tokensOf(config.API_OPERATE_TOKENS, 'operate'), ...tokensOf(config.API_READ_TOKENS, 'read')];
}

function tokensOf(setting: string, role: Role): ApiToken[] {
  return commaList(setting).map((text, place) => {
    const [, name, secret] = /^([a-z][\w.-]{0,39}):(.+)$/i.exec(text) ?? [];
    return name && secret ? { role, name, secret } : { role, name: `${role}-${place + 1}`, secret: text };
  });
}
