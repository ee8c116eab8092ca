/** An identifier in double quotes. Names come from the catalogue, which holds them to plain identifiers. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
