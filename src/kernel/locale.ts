/** Chinese first, English beside it: every text a person reads exists in both. */
export type Language = 'zh' | 'en';

/** One text in both languages. */
export type Text = { readonly zh: string; readonly en: string };

/**
 * The language of this run: `--lang zh|en` if given, otherwise the environment's locale
 * (LC_ALL, LC_MESSAGES, LANG in POSIX order); Chinese when neither says.
 */
export function chooseLanguage(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  for (const [index, argument] of argv.entries()) {
    const given = argument === '--lang' ? argv[index + 1] : argument.match(/^--lang=(.*)$/)?.[1];
    if (given === 'zh' || given === 'en') return given;
  }
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return /^en/i.test(locale) ? 'en' : 'zh';
}

/** Fills `{name}` places of a template. A name without a value stays visible, so that a gap is noticed. */
export function fill(
  template: string,
  parameters: Readonly<Record<string, string | number | bigint>>,
): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) =>
    name in parameters ? String(parameters[name]) : place,
  );
}
