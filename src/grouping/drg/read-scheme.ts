import { type Problem, YibaoError } from '#kernel/errors.ts';
import { checkSteps, readSteps } from './check-steps.ts';
import { drgErrors, drgWarnings } from './errors.ts';
import { findOddities } from './find-oddities.ts';
import { type CodeList, SCHEME_FILES, type Scheme, VALID_PROCEDURES } from './scheme.ts';
import { readSchemeFile, type SchemeFile, type SchemeRecord } from './scheme-file.ts';

export type ReadScheme = {
  readonly scheme: Scheme;
  /** what is odd but usable, in the order of file and line */
  readonly warnings: readonly Problem[];
  readonly files: readonly SchemeFile[];
};

/**
 * Reads and checks the folder of a scheme. Format and order of evaluation: docs/domain/drg.md.
 * @throws YibaoError with every problem of all seven files, each with file and line
 */
export function readScheme(folder: string): ReadScheme {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const files = new Map<string, SchemeFile>();
  for (const { file, columns } of SCHEME_FILES) {
    const read = readSchemeFile(folder, file, columns, problems, warnings);
    if (read !== undefined) files.set(file, read);
  }
  const records = (file: string): readonly SchemeRecord[] => files.get(file)?.records ?? [];
  for (const file of ['steps.csv', 'groups.csv']) {
    if (files.has(file) && records(file).length === 0) {
      problems.push({ definition: drgErrors.noRows, file });
    }
  }
  const scheme: Scheme = {
    lists: readLists(records('lists.csv'), problems, warnings),
    groups: readGroups(records('groups.csv'), problems, warnings),
    mcc: readExclusionLists('mcc.csv', records('mcc.csv'), problems, warnings),
    cc: readExclusionLists('cc.csv', records('cc.csv'), problems, warnings),
    exclusions: readExclusionLists('exclusions.csv', records('exclusions.csv'), problems, warnings),
    validProcedures: readCodes(records('valid_procedures.csv'), problems, warnings),
    steps: readSteps(records('steps.csv'), problems),
  };
  checkSteps(scheme, new Set(files.keys()), problems);
  if (problems.length > 0) throw new YibaoError(inFileOrder(problems));
  findOddities(scheme, records, warnings);
  return { scheme, warnings: inFileOrder(warnings), files: [...files.values()] };
}

/** By file, in the order the format names them, then by line. */
function inFileOrder(problems: readonly Problem[]): Problem[] {
  const order = SCHEME_FILES.map(({ file }) => file as string);
  return problems.toSorted(
    (a, b) => order.indexOf(a.file!) - order.indexOf(b.file!) || (a.row ?? 0) - (b.row ?? 0),
  );
}

function readLists(
  records: readonly SchemeRecord[],
  problems: Problem[],
  warnings: Problem[],
): Map<string, CodeList> {
  const file = 'lists.csv';
  const lists = new Map<
    string,
    { row: number; partOf: Map<string, string>; parts: Map<string, Set<string>> }
  >();
  const emptyRows = new Map<string, number>();
  const firstRow = new Map<string, number>();
  for (const { row, cells } of records) {
    const [name, code, part] = cells as [string, string, string];
    if (name === '') {
      problems.push({ definition: drgErrors.emptyField, file, row, field: 'list' });
      continue;
    }
    if (name === VALID_PROCEDURES) {
      problems.push({ definition: drgErrors.reservedList, file, row, field: 'list', value: name });
      continue;
    }
    let list = lists.get(name);
    if (list === undefined) {
      list = { row, partOf: new Map(), parts: new Map() };
      lists.set(name, list);
    }
    // a list that is only named is empty; a gap among codes is a mistake
    if (code === '') {
      if (!emptyRows.has(name)) emptyRows.set(name, row);
      continue;
    }
    const place = `${name}\n${code}\n${part}`;
    const earlier = firstRow.get(place);
    if (earlier !== undefined) {
      const parameters = {
        place: part === '' ? `列表 @${name} ` : `列表 @${name}/${part} `,
        placeEn: part === '' ? `@${name}` : `@${name}/${part}`,
        earlier,
      };
      warnings.push({ definition: drgWarnings.codeTwice, file, row, field: 'code', value: code, parameters });
    } else firstRow.set(place, row);
    list.partOf.set(code, part);
    if (part === '') continue;
    const codes = list.parts.get(part);
    if (codes === undefined) list.parts.set(part, new Set([code]));
    else codes.add(code);
  }
  for (const [name, row] of emptyRows) {
    if (lists.get(name)!.partOf.size > 0) {
      problems.push({ definition: drgErrors.emptyField, file, row, field: 'code' });
    }
  }
  return lists;
}

function readGroups(
  records: readonly SchemeRecord[],
  problems: Problem[],
  warnings: Problem[],
): Map<string, string> {
  const file = 'groups.csv';
  const groups = new Map<string, string>();
  const rows = new Map<string, number>();
  for (const { row, cells } of records) {
    const [drg, name] = cells as [string, string];
    if (drg === '') problems.push({ definition: drgErrors.emptyField, file, row, field: 'drg' });
    if (name === '') problems.push({ definition: drgErrors.noName, file, row, field: 'name', value: drg });
    if (drg === '') continue;
    const earlier = rows.get(drg);
    if (earlier === undefined) {
      rows.set(drg, row);
      groups.set(drg, name);
    } else if (groups.get(drg) !== name) {
      const place = { file, row, field: 'name', value: `${drg} ${name}` };
      problems.push({ definition: drgErrors.otherName, ...place, parameters: { earlier } });
    } else {
      const parameters = { place: '病组表', placeEn: 'the groups', earlier };
      warnings.push({ definition: drgWarnings.codeTwice, file, row, field: 'drg', value: drg, parameters });
    }
  }
  return groups;
}

/** mcc.csv, cc.csv or exclusions.csv: the exclusion list by code; the last line of a code counts. */
function readExclusionLists(
  file: string,
  records: readonly SchemeRecord[],
  problems: Problem[],
  warnings: Problem[],
): Map<string, string> {
  const field = file === 'exclusions.csv' ? 'principal_diagnosis' : 'code';
  const lists = new Map<string, string>();
  const rows = new Map<string, number>();
  for (const { row, cells } of records) {
    const [code, list] = cells as [string, string];
    if (code === '') {
      problems.push({ definition: drgErrors.emptyField, file, row, field });
      continue;
    }
    const earlier = rows.get(code);
    const other = lists.get(code);
    if (earlier !== undefined && other !== list) {
      const place = { file, row, field: 'exclusion_list', value: `${code} ${list}` };
      warnings.push({ definition: drgWarnings.otherValue, ...place, parameters: { earlier, other: other! } });
    } else if (earlier !== undefined) {
      const parameters = { place: '本文件', placeEn: 'this file', earlier };
      warnings.push({ definition: drgWarnings.codeTwice, file, row, field, value: code, parameters });
    }
    rows.set(code, row);
    lists.set(code, list);
  }
  return lists;
}

function readCodes(records: readonly SchemeRecord[], problems: Problem[], warnings: Problem[]): Set<string> {
  const file = 'valid_procedures.csv';
  const rows = new Map<string, number>();
  for (const { row, cells } of records) {
    const code = cells[0]!;
    const earlier = rows.get(code);
    if (code === '') problems.push({ definition: drgErrors.emptyField, file, row, field: 'code' });
    else if (earlier === undefined) rows.set(code, row);
    else {
      const parameters = { place: '本文件', placeEn: 'this file', earlier };
      warnings.push({ definition: drgWarnings.codeTwice, file, row, field: 'code', value: code, parameters });
    }
  }
  return new Set(rows.keys());
}
