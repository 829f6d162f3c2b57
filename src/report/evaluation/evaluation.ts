import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { both, html } from '../html.ts';
import { renderPage } from '../page.ts';
import { termsOf } from '../terms.ts';
import { writeWorkbook } from '../workbook/xlsx.ts';
import { readEvaluation, readPeers } from './data.ts';
import { evaluationSections } from './sections.ts';
import { evaluationSheets } from './workbook.ts';

/** Writes evaluation.html and evaluation.xlsx into `folder`. @returns rows of the sheets, 0 for the page */
export async function writeEvaluationReport(
  engine: Engine,
  folder: string,
  language: Language,
): Promise<Readonly<Record<string, number>>> {
  const data = await readEvaluation(engine);
  const { method } = await engine.row(
    `SELECT value AS method FROM policy_value WHERE parameter = 'grouping.method'`,
  );
  const terms = termsOf(String(method));
  const { area } = data;
  const subject = { zh: '评价报告', en: 'Evaluation' };
  const page = renderPage(
    {
      eyebrow: { zh: '按病种付费的监测与评价', en: 'Monitoring and evaluation of payment by case' },
      place: `${area.name} ${area.year}`,
      heading: html`${area.name} ${area.year} ${language === 'zh' ? '年度 ' : ''}${both(subject, language)}`,
      subject,
      facts: [
        [{ zh: '统筹地区', en: 'Pooling area' }, area.code],
        [{ zh: '支付年度', en: 'Payment year' }, String(area.year)],
        [{ zh: '规则', en: 'Profile' }, area.profile],
      ],
      sections: evaluationSections(data, language),
      chapters: new Set(['months', 'institutions', 'groups', 'alerts', 'definitions']),
    },
    language,
  );
  writeFileSync(join(folder, 'evaluation.html'), terms(page));
  const sheets = evaluationSheets(data, await readPeers(engine), language);
  await writeWorkbook(join(folder, 'evaluation.xlsx'), sheets, language, terms);
  return { 'evaluation.html': 0, 'evaluation.xlsx': sheets.length };
}
