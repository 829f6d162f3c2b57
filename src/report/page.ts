import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language, Text } from '#kernel/locale.ts';
import { both, type Html, html, type Section } from './html.ts';
import { joined } from './words.ts';

export type PageInput = {
  readonly eyebrow: Text;
  /** what the title of the window begins with */
  readonly place: string;
  readonly heading: Html;
  readonly subject: Text;
  readonly facts: readonly (readonly [Text, string])[];
  readonly sections: readonly Section[];
  /** ids of sections that start on a new page of paper */
  readonly chapters: ReadonlySet<string>;
};

/** One HTML file that needs no network, script or other file; the same input gives the same bytes. */
export function renderPage(page: PageInput, language: Language): string {
  const style = readFileSync(join(import.meta.dirname, 'style.css'), 'utf8');
  const { sections, facts } = page;
  return html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<title>${page.place} ${joined(page.subject, language)}</title>
<style>${{ html: style }}</style>
</head>
<body>
<header>
<p class="eyebrow">${both(page.eyebrow, language)}</p>
<h1>${page.heading}</h1>
<p class="facts">${facts.map(
    ([name, value], index) =>
      html`${{ html: index > 0 ? '\n' : '' }}<span>${both(name, language)} <b>${value}</b></span>`,
  )}</p>
</header>
<nav aria-label="${joined({ zh: '目录', en: 'Contents' }, language)}"><ol>${sections.map(
    (section) => html`<li><a href="#${section.id}">${section.title[language]}</a></li>`,
  )}</ol></nav>
<main>
${sections.map(
  (
    section,
    index,
  ) => html`<section id="${section.id}" class="${page.chapters.has(section.id) ? 'part chapter' : 'part'}">
<h2><span class="ordinal">${index + 1}</span> ${both(section.title, language)}</h2>
${section.body}
</section>
`,
)}</main>
<footer><p>${both(
    {
      zh: '由 OpenYibao 生成。相同的输入与政策得到逐字节相同的报告。',
      en: 'Made by OpenYibao. The same inputs and policies give the same bytes.',
    },
    language,
  )}</p></footer>
</body>
</html>
`.html;
}
