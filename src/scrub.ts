/** Takes secrets out of texts that come from outside: a server may echo the token it was sent. */

const MASK = '***';

/** A function that masks each secret wherever it stands: plain, URL-encoded, JSON-escaped or in base64. */
export function scrubber(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.filter((secret) => secret !== '').flatMap(formsOf);
  const longestFirst = [...new Set(forms)].toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((clean, form) => clean.replaceAll(form, MASK), text);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = encodeURIComponent(secret);
  const strict = encoded.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = strict.replaceAll('%20', '+');
  const percent = [encoded, strict, form, ...userInfo(secret)];
  return [
    secret,
    ...percent,
    ...percent.map((text) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ];
}

/** As it stands before the @ of a URL that Node has written. */
function userInfo(secret: string): string[] {
  const url = new URL('http://user@host');
  url.password = secret;
  return [url.password];
}
