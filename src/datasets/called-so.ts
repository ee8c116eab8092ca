/** Which datasets a person means who types some words of what they are called. */
interface Called {
  name: string;
  title: { zh: string; en: string };
  api_name?: string | null;
}

/** @param text words, each of which must stand in the name, in that of the API or in a title, whatever its case */
export function calledSo(text: string): (dataset: Called) => boolean {
  const words = text.toLowerCase().split(/\s+/);
  return ({ name, title, api_name }) => {
    const all = `${name} ${api_name ?? ''} ${title.zh} ${title.en}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
}
