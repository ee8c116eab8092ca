/** Content-Security-Policy of what web sends: nothing comes from another host, and on plain http nobody is sent to https. */

/** Of every answer that is no page: a browser that shows it loads and runs nothing. */
export const ANSWER_POLICY = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] };

/** Of the page: styles and scripts only with the nonce of this very answer, or from this host. */
export const pagePolicy = (nonce: string): string => policyOf(`'self' 'nonce-${nonce}'`);

/** Of Swagger UI under /docs: everything lies in files of this host. */
export const DOCS_POLICY = policyOf("'self'");

/** One as text, for where helmet does not come. */
export function policyText(directives: Record<string, readonly string[]>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

function policyOf(own: string): string {
  return policyText({
    'default-src': ["'none'"],
    'script-src': [own],
    'style-src': [own],
    'img-src': ["'self'", 'data:'],
    'connect-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  });
}
