import type { Language } from '#kernel/locale.ts';

/** The first of zh and en in Accept-Language; Chinese when neither is there. */
export function languageOf(header: string | undefined): Language {
  const first = /(?:^|[\s,])(zh|en)\b/i.exec(header ?? '')?.[1];
  return first?.toLowerCase() === 'en' ? 'en' : 'zh';
}
