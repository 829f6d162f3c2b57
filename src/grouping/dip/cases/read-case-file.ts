import { type Problem, YibaoError } from '#kernel/errors.ts';
import { parseYuan } from '#kernel/money.ts';
import { catalogueErrors } from '../catalogue/errors.ts';
import { CONDITION_FIELDS } from '../catalogue/group-catalogue.ts';
import { readTableFile } from '../catalogue/table-file.ts';
import { words } from '../catalogue/words.ts';
import type { DipCase } from '../steps/dip-case.ts';

export type FileCase = {
  readonly caseId: string;
  readonly input: DipCase;
  /** '' when the file does not say */
  readonly fixmedinsCode: string;
  /** '' when the file does not say */
  readonly disposition: string;
};

const codes = (text: string): string[] =>
  text
    .split('|')
    .map((code) => code.trim())
    .filter((code) => code !== '');

/**
 * A few cases from a CSV or XLSX file with the columns of `yibao group dip`; for many, `groupCaseFile` is the way.
 * @throws YibaoError with file, row, field and value of everything wrong
 */
export async function readCaseFile(path: string): Promise<FileCase[]> {
  const problems: Problem[] = [];
  const cases = (await readTableFile(path, words.cases)).map(({ row, cells }): FileCase => {
    const wrong = (field: string) =>
      problems.push({
        definition: catalogueErrors.wrongCase,
        file: path,
        row,
        field,
        value: cells[field] ?? '',
      });
    const numbers = CONDITION_FIELDS.map((field) => {
      const text = cells[field]!;
      if (!/^(\d{1,5}(\.\d+)?)?$/.test(text)) wrong(field);
      return [field, text === '' ? undefined : Math.floor(Number(text))] as const;
    });
    const costFen = cells.cost === '' ? undefined : parseYuan(cells.cost!);
    if (cells.cost !== '' && (costFen === undefined || costFen < 0n)) wrong('cost');
    const [principalDiagnosis = '', ...otherDiagnoses] = codes(cells.diagnoses!);
    if (principalDiagnosis === '') wrong('diagnoses');
    const sex = ({ 男: '1', 女: '2' } as const)[cells.sex!] ?? cells.sex!;
    return {
      caseId: cells.case_id!,
      fixmedinsCode: cells.fixmedins_code!,
      disposition: cells.disposition!,
      input: {
        principalDiagnosis,
        otherDiagnoses,
        procedures: codes(cells.procedures!),
        sex: sex === '' ? undefined : sex,
        isDaySurgery: cells.ipt_med_type === '2',
        costFen,
        ...Object.fromEntries(numbers),
      },
    };
  });
  if (problems.length > 0) throw new YibaoError(problems);
  return cases;
}
