/** The task id of a firing: a UUID version 5 (RFC 9562, section 5.5), so that whoever makes it makes the same. */
import { createHash } from 'node:crypto';

/** Of Dayline's schedules; any fixed one will do. */
const NAMESPACE = Buffer.from('6f1d3c0e5b0a4c5f9f0e7d2a8b4c6e10', 'hex');
const VERSION_5 = 0x50;
const VARIANT = 0x80;

/** @param due_at ms since the epoch */
export function firingTaskId(job_id: string, due_at: number): string {
  return uuid5(NAMESPACE, `${job_id} ${new Date(due_at).toISOString()}`);
}

/** @param namespace 16 bytes */
export function uuid5(namespace: Buffer, name: string): string {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | VERSION_5;
  bytes[8] = ((bytes[8] as number) & 0x3f) | VARIANT;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
