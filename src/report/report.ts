import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { type ReportData, readReportData } from './data.ts';
import { both, html } from './html.ts';
import { caseMixSection } from './section/case-mix.ts';
import { deviationSection } from './section/deviation.ts';
import { groupsSection } from './section/groups.ts';
import { institutionsSection } from './section/institutions.ts';
import { moneySection } from './section/money.ts';
import { overviewSection } from './section/overview.ts';
import { pointValueSection } from './section/point-value.ts';
import { readingSection } from './section/reading.ts';
import { clearingSection, parametersSection, refusedSection } from './section/tables.ts';
import { termsOf } from './terms.ts';
import { joined } from './words.ts';

export type ReportOptions = { readonly engine: Engine; readonly file: string; readonly language: Language };

/** Writes the report of a settled year as one HTML file that needs no network, script or other file. */
export async function writeReport({ engine, file, language }: ReportOptions): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, renderReport(await readReportData(engine), language));
}

/** Sections that start on a new page of paper; the short ones before and after flow. */
const CHAPTERS = new Set([
  'money',
  'point-value',
  'institutions',
  'deviation',
  'groups',
  'case-mix',
  'clearing',
  'refused',
]);

/** The report as HTML text: the same data gives the same bytes. */
export function renderReport(data: ReportData, language: Language): string {
  const style = readFileSync(join(import.meta.dirname, 'style.css'), 'utf8');
  const { area } = data;
  const sections = [
    overviewSection(data, language),
    moneySection(data, language),
    pointValueSection(data, language),
    institutionsSection(data, language),
    deviationSection(data, language),
    groupsSection(data, language),
    caseMixSection(data, language),
    clearingSection(data, language),
    refusedSection(data, language),
    parametersSection(data, language),
    readingSection(data, language),
  ];
  const subject = { zh: 'DIP 结算报告', en: 'DIP settlement report' };
  const payment =
    data.method === 'drg'
      ? { zh: '按疾病诊断相关分组付费', en: 'Diagnosis-Related Group payment' }
      : { zh: '按病种分值付费', en: 'Diagnosis-Intervention Packet payment' };
  const page = html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<title>${area.name} ${area.year} ${joined(subject, language)}</title>
<style>${{ html: style }}</style>
</head>
<body>
<header>
<p class="eyebrow">${both(payment, language)}</p>
<h1>${area.name} ${area.year} ${language === 'zh' ? '年度 ' : ''}${both(subject, language)}</h1>
<p class="facts"><span>${both({ zh: '统筹地区', en: 'Pooling area' }, language)} <b>${area.code}</b></span>
<span>${both({ zh: '清算年度', en: 'Payment year' }, language)} <b>${area.year}</b></span>
<span>${both({ zh: '规则', en: 'Profile' }, language)} <b>${area.profile}</b></span></p>
</header>
<nav aria-label="${joined({ zh: '目录', en: 'Contents' }, language)}"><ol>${sections.map(
    (section) => html`<li><a href="#${section.id}">${section.title[language]}</a></li>`,
  )}</ol></nav>
<main>
${sections.map(
  (
    section,
    index,
  ) => html`<section id="${section.id}" class="${CHAPTERS.has(section.id) ? 'part chapter' : 'part'}">
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
  return termsOf(data.method)(page);
}
