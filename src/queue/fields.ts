/** Reads a hash as Lua returns it: field, value, field, value, … */
export function fromFields(raw: readonly string[]) {
  const fields = new Map<string, string>();
  for (let i = 0; i < raw.length; i += 2) fields.set(raw[i] as string, raw[i + 1] as string);
  return {
    text: (name: string): string | null => fields.get(name) ?? null,
    number: (name: string): number | null => (fields.has(name) ? Number(fields.get(name)) : null),
  };
}

/** A number of a script, where anything below 0 stands for none. */
export function optional(number: number): number | null {
  return number < 0 ? null : number;
}
