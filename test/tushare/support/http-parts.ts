/** Everything of node's http modules that a proxy library replaces. */
import http from 'node:http';
import https from 'node:https';

export const httpParts = (): unknown[] => [
  http.get,
  http.request,
  http.globalAgent,
  https.get,
  https.request,
  https.globalAgent,
];

export const same = (a: unknown[], b: unknown[]): boolean => a.every((part, i) => part === b[i]);
