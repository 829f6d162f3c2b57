import { existsSync } from 'node:fs';
import {
  createMapper,
  type ListMapping,
  type MappedSide,
  mapCode,
  openListMapping,
} from '#catalogue/codes/index.ts';
import { codeMappingOf } from '#cli/code-mapping.ts';
import { usageErrors } from '#cli/errors.ts';
import type { PreviewOptions } from '#cli/preview.ts';
import { policyOfProfile } from '#cli/profile-policy.ts';
import { Engine } from '#engine/duckdb.ts';
import {
  type DipCase,
  type FileCase,
  groupingProfile,
  openCatalogue,
  readCaseFile,
} from '#grouping/dip/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { fraction, parseDecimal, roundTo } from '#kernel/fraction.ts';
import type { Language } from '#kernel/locale.ts';
import { createProgress } from '#kernel/progress.ts';
import {
  areaGrouping,
  type CasePreview,
  caseAdjuster,
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
type Asked = {
  readonly caseId: string;
  readonly input: DipCase;
  readonly place: PlaceOfPayment;
  /** undefined: a list of the year */
  readonly fileCase: FileCase | undefined;
};

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
  const mapping = await openListMapping('.', {}, codeMappingOf(options));
  const cases = (await readCaseFile(options.case)).map(mappedBy(mapping));
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
  const codeMapping = codeMappingOf(options);
  const progress = createProgress();
  const engine = await Engine.open();
  try {
    const settlement = await settleYear(engine, {
      areaFolder,
      year: options.year,
      codeMapping,
      language,
      progress,
    });
    progress.done();
    // the codes of a file are mapped as those of the lists were
    const asked: Asked[] = fileCases
      ? fileCases.map(mappedBy(settlement.codeMapping)).map((fileCase) => ({
          caseId: fileCase.caseId,
          input: fileCase.input,
          place: { classNo: classOfInstitution(settlement, fileCase.fixmedinsCode), scheme: undefined },
          fileCase,
        }))
      : [
          {
            caseId: options.case,
            ...(await settledCase(engine, settlement, options.case)),
            fileCase: undefined,
          },
        ];
    const { catalogue, profile } = await areaGrouping(engine, settlement, areaFolder);
    const previews: [string, CasePreview][] = [];
    for (const { caseId, input, place, fileCase } of asked) {
      const adjuster = await caseAdjuster(
        engine,
        settlement,
        fileCase === undefined ? { setlId: caseId } : { fileCase, scheme: place.scheme },
      );
      const basis = paymentBasis(settlement, place, adjuster);
      previews.push([caseId, previewCase(input, catalogue, profile, basis)]);
    }
    return previews;
  } finally {
    progress.done();
    engine.close();
  }
}

/** A case of a file with its codes mapped; ambiguous and unknown ones stay as they are. */
function mappedBy(mapping: ListMapping | undefined): (one: FileCase) => FileCase {
  const by = (side: MappedSide) => {
    const table = mapping?.[side];
    if (table === undefined) return (code: string) => code;
    const mapper = createMapper(table.pairs);
    return (code: string) => mapCode(mapper, code).code;
  };
  const [diagnosis, procedure] = [by('diagnoses'), by('procedures')];
  return ({ input, ...one }) => ({
    ...one,
    input: {
      ...input,
      principalDiagnosis: diagnosis(input.principalDiagnosis),
      otherDiagnoses: input.otherDiagnoses.map(diagnosis),
      procedures: input.procedures.map(procedure),
    },
  });
}

const missing = (...names: readonly string[]): YibaoError => {
  const parameters = { name: names.join(' / '), command: 'yibao preview' };
  return new YibaoError({ definition: usageErrors.missingOption, parameters });
};
