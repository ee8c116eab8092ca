/**
 * The page's languages. A file of words has both side by side, and the types hold them together: a word that is
 * missing in one language, or takes other values there, does not compile.
 */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { Language } from './languages.ts';

export type { Language };

// biome-ignore lint/suspicious/noExplicitAny: a word may take any values
type Word = string | ((...values: any[]) => string) | { readonly [name: string]: string };
/** The same words in another language. */
type Same<T> = {
  [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends Record<string, string>
      ? Record<keyof T[K], string>
      : T[K];
};
export interface Words<T> {
  en: T;
  zh: Same<T>;
}

/** Declares the words of one part of the page. */
export function words<const T extends Record<string, Word>>(both: { en: T; zh: Same<T> }): Words<Same<T>> {
  return both as unknown as Words<Same<T>>;
}

interface Chosen {
  language: Language;
  choose(language: Language): void;
}
const LanguageContext = createContext<Chosen>({ language: 'en', choose: () => {} });
const STORED = 'dayline-language';

function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'zh') return stored;
  return navigator.language.startsWith('zh') ? 'zh' : 'en';
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  const chosen = useMemo<Chosen>(
    () => ({
      language,
      choose(next) {
        localStorage.setItem(STORED, next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <LanguageContext.Provider value={chosen}>{children}</LanguageContext.Provider>;
}

export function useLanguage(): Chosen {
  return useContext(LanguageContext);
}

/** The words in the language that is chosen. */
export function useWords<T>(both: Words<T>): T {
  const { language } = useLanguage();
  return both[language] as T;
}
