import { existsSync } from 'node:fs';
import { usageErrors } from '#cli/errors.ts';
import type { PreviewOptions } from '#cli/preview.ts';
import { policyOfProfile } from '#cli/profile-policy.ts';
import { Engine } from '#engine/duckdb.ts';
import { type DipCase, groupingProfile, openCatalogue, readCaseFile } from '#grouping/dip/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { fraction, parseDecimal, roundTo } from '#kernel/fraction.ts';
import type { Language } from '#kernel/locale.ts';
import { createProgress } from '#kernel/progress.ts';
import {
  areaGrouping,
  type CasePreview,
  classOfInstitution,
  type PaymentBasis,
  type PlaceOfPayment,
  paymentBasis,
  plainPayment,
  previewCase,
  previewText,
  settledCase,
  settleYear,
} from '#payment/index.ts';

/** One case to preview, and where it is paid. */
type Asked = { readonly caseId: string; readonly input: DipCase; readonly place: PlaceOfPayment };

export async function runPreview(options: PreviewOptions, language: Language): Promise<void> {
  const previews =
    options.area === undefined
      ? await previewByCatalogue(options)
      : await previewByArea(options.area, options, language);
  const shown = previews.map(([caseId, preview]) => ({ case_id: caseId, ...preview }));
  process.stdout.write(
    options.json
      ? `${JSON.stringify(shown, null, 2)}\n`
      : `${previews.map(([caseId, preview]) => previewText(caseId, preview, language)).join('\n\n')}\n`,
  );
}

async function previewByCatalogue(options: PreviewOptions): Promise<[string, CasePreview][]> {
  if (options.catalogue === undefined) throw missing('--area', '--catalogue');
  const policy = policyOfProfile(options.profile, options.year);
  const catalogue = await openCatalogue(options.catalogue, options.operations);
  const scaled = (text: string, decimals: number) => roundTo(parseDecimal(text)!, decimals);
  const coefficient4 = scaled(options.coefficient ?? '1', 4);
  const basis: PaymentBasis = {
    paymentOf: (entry) => {
      const meanFen = entry.meanFen === undefined ? undefined : fraction(entry.meanFen);
      return plainPayment(policy, entry, coefficient4, meanFen);
    },
    pointValue8: options.pointValue === undefined ? undefined : scaled(options.pointValue, 8),
  };
  const cases = await readCaseFile(options.case);
  const profile = groupingProfile(policy);
  return cases.map(({ caseId, input }) => [caseId, previewCase(input, catalogue, profile, basis)]);
}

async function previewByArea(
  areaFolder: string,
  options: PreviewOptions,
  language: Language,
): Promise<[string, CasePreview][]> {
  if (options.year === undefined) throw missing('--year');
  const fileCases = existsSync(options.case) ? await readCaseFile(options.case) : undefined;
  const progress = createProgress();
  const engine = await Engine.open();
  try {
    const settlement = await settleYear(engine, { areaFolder, year: options.year, language, progress });
    progress.done();
    const asked: Asked[] = fileCases?.map(({ caseId, input, fixmedinsCode }) => ({
      caseId,
      input,
      place: { classNo: classOfInstitution(settlement, fixmedinsCode), scheme: undefined },
    })) ?? [{ caseId: options.case, ...(await settledCase(engine, settlement, options.case)) }];
    const { catalogue, profile } = await areaGrouping(engine, settlement, areaFolder);
    const previews: [string, CasePreview][] = [];
    for (const { caseId, input, place } of asked) {
      const basis = paymentBasis(settlement, place);
      previews.push([caseId, previewCase(input, catalogue, profile, basis)]);
    }
    return previews;
  } finally {
    progress.done();
    engine.close();
  }
}

const missing = (...names: readonly string[]): YibaoError => {
  const parameters = { name: names.join(' / '), command: 'yibao preview' };
  return new YibaoError({ definition: usageErrors.missingOption, parameters });
};
