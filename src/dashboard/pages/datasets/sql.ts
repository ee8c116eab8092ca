/** The SQL that asks for what a filter shows. Pure. */

interface Filter {
  ts_code?: string | undefined;
  /** YYYYMMDD. */
  from?: string | undefined;
  to?: string | undefined;
}

/** Names that are plain need no quotes. */
const name = (text: string): string => (/^[a-z_][a-z0-9_]*$/.test(text) ? text : `"${text}"`);
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export function sqlOf(dataset: string, dateField: string | null, { ts_code, from, to }: Filter): string {
  const conditions = [
    ts_code && `ts_code = ${literal(ts_code)}`,
    from && dateField !== null && `${name(dateField)} >= ${literal(from)}`,
    to && dateField !== null && `${name(dateField)} <= ${literal(to)}`,
  ].filter(Boolean);
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '';
  return `select * from ${name(dataset)}${where} limit 100;`;
}
