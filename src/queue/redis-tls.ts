/** How the certificate of a rediss:// server is checked, by the settings. */
import fs from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { Config } from '../config.ts';
import { ConfigError } from '../errors.ts';

export type RedisTlsSettings = Pick<Config, 'REDIS_TLS_CA' | 'REDIS_TLS_VERIFY'>;
export type RedisTls = Pick<ConnectionOptions, 'ca' | 'rejectUnauthorized'>;

/**
 * A PEM that came through an environment variable may have lost its line ends to `\n`.
 * @throws ConfigError when REDIS_TLS_CA is neither a certificate nor a file that can be read
 */
export function redisTls({ REDIS_TLS_CA, REDIS_TLS_VERIFY }: RedisTlsSettings): RedisTls {
  if (!REDIS_TLS_VERIFY) return { rejectUnauthorized: false };
  return REDIS_TLS_CA ? { ca: certificateOf(REDIS_TLS_CA) } : {};
}

function certificateOf(setting: string): string {
  const pem = setting.includes('-----BEGIN') ? setting.replaceAll('\\n', '\n') : readCertificate(setting);
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new ConfigError('REDIS_TLS_CA holds no certificate: it must be PEM, or the file that holds it');
  return pem;
}

function readCertificate(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(
      `The file that REDIS_TLS_CA names can't be read (${(cause as NodeJS.ErrnoException).code})`,
    );
  }
}
