import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { type ReportData, readReportData } from './data.ts';
import { both, html } from './html.ts';
import { renderPage } from './page.ts';
import { caseMixSection } from './section/case-mix.ts';
import { cliffSection } from './section/cliffs.ts';
import { deviationSection } from './section/deviation.ts';
import { groupsSection } from './section/groups.ts';
import { institutionsSection } from './section/institutions.ts';
import { moneySection } from './section/money.ts';
import { overviewSection } from './section/overview.ts';
import { partsSection } from './section/parts.ts';
import { pointValueSection } from './section/point-value.ts';
import { readingSection } from './section/reading.ts';
import { clearingSection, parametersSection, refusedSection } from './section/tables.ts';
import { termsOf } from './terms.ts';

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
  'parts',
  'refused',
]);

/** The report as HTML text: the same data gives the same bytes. */
export function renderReport(data: ReportData, language: Language): string {
  const { area } = data;
  const sections = [
    overviewSection(data, language),
    moneySection(data, language),
    pointValueSection(data, language),
    institutionsSection(data, language),
    deviationSection(data, language),
    cliffSection(data, language),
    groupsSection(data, language),
    caseMixSection(data, language),
    clearingSection(data, language),
    partsSection(data, language),
    refusedSection(data, language),
    parametersSection(data, language),
    readingSection(data, language),
  ].filter((section) => section !== undefined);
  const subject = { zh: 'DIP 结算报告', en: 'DIP settlement report' };
  const payment =
    data.method === 'drg'
      ? { zh: '按疾病诊断相关分组付费', en: 'Diagnosis-Related Group payment' }
      : { zh: '按病种分值付费', en: 'Diagnosis-Intervention Packet payment' };
  const page = renderPage(
    {
      eyebrow: payment,
      place: `${area.name} ${area.year}`,
      heading: html`${area.name} ${area.year} ${language === 'zh' ? '年度 ' : ''}${both(subject, language)}`,
      subject,
      facts: [
        [{ zh: '统筹地区', en: 'Pooling area' }, area.code],
        [{ zh: '清算年度', en: 'Payment year' }, String(area.year)],
        [{ zh: '规则', en: 'Profile' }, area.profile],
      ],
      sections,
      chapters: CHAPTERS,
    },
    language,
  );
  return termsOf(data.method)(page);
}
