import { isMap, isScalar, isSeq, type Node } from 'yaml';
import * as errors from '#policy/errors.ts';
import type { ParameterValue, TableDefinition } from '#policy/parameters.ts';
import { hides, parseRow, type RowProblem, type TableRow, tableText } from '#policy/table.ts';
import { listParts, mappingParts, type Part, report, scalarText, type YamlFile } from '#policy/yaml-file.ts';

/**
 * A table written as YAML: a list of rows `{level: 1, value: "200"}`, or one value for all. Bands may be written as lists
 * `[{up_to: 30000, value: "0.85"}, {value: "0.9"}]`. undefined, with a problem for every row that is wrong, otherwise.
 */
export function readTable(
  yaml: YamlFile,
  part: Part,
  definition: TableDefinition,
): ParameterValue | undefined {
  const before = yaml.problems.length;
  const single = definition.cell.kind !== 'choices' ? isBandList(part.node) : !holdsRows(part.node);
  const rows = (single ? [part] : listParts(yaml, part)).flatMap(
    (item) => readRow(yaml, item, part.key, definition) ?? [],
  );
  reportHiddenRows(yaml, part, rows);
  if (yaml.problems.length > before) return undefined;
  return { kind: 'table', text: tableText(rows), rows };
}

/** Rows that can never hold: whatever fits them fits a row above. */
function reportHiddenRows(yaml: YamlFile, part: Part, rows: readonly TableRow[]): void {
  for (const [index, row] of rows.entries()) {
    const above = rows.slice(0, index).find((earlier) => hides(earlier, row));
    if (above === undefined) continue;
    report(
      yaml,
      errors.HIDDEN_ROW,
      { ...part, line: row.line ?? part.line },
      {
        field: part.key,
        value: row.text,
        parameters: { above: above.text, line: String(above.line ?? part.line) },
      },
    );
  }
}

const holdsRows = (node: Node | null): boolean => isSeq(node) && node.items.some((item) => isMap(item));
/** A list with `up_to` in it is the bands of one row. */
const isBandList = (node: Node | null): boolean =>
  isSeq(node) && node.items.some((item) => isMap(item) && item.has('up_to'));

function readRow(
  yaml: YamlFile,
  part: Part,
  parameter: string,
  definition: TableDefinition,
): TableRow | undefined {
  const isRow = isMap(part.node);
  const parts = isRow ? mappingParts(yaml, part) : [];
  const conditions: [string, string][] = [];
  let cellPart = isRow ? undefined : part;
  for (const each of parts) {
    if (each.key === 'value') cellPart = each;
    else conditions.push([each.key, namesText(each.node)]);
  }
  if (cellPart === undefined) {
    report(yaml, errors.MISSING_KEY, part, { field: 'value' });
    return undefined;
  }
  const { node } = cellPart;
  if (definition.cell.kind === 'ratio-bands' && isSeq(node)) reportBandKeys(yaml, cellPart);
  if (isScalar(node) && typeof node.value === 'number' && !/^-?\d+$/.test(node.source ?? '')) {
    report(yaml, errors.UNQUOTED_DECIMAL, cellPart, { field: 'value', value: node.source });
    return undefined;
  }
  const row = parseRow(definition.cell, conditions, cellText(node, definition));
  if (!('problem' in row)) return { ...row, line: part.line };
  const at = parts.find(({ key }) => key === row.field) ?? cellPart;
  reportRow(yaml, at, parameter, row);
  return undefined;
}

/** The bands of one row say only their limit and ratio; what a row depends on stands outside of them. */
function reportBandKeys(yaml: YamlFile, part: Part): void {
  for (const item of listParts(yaml, part)) {
    if (!isMap(item.node)) continue;
    for (const each of mappingParts(yaml, item)) {
      if (each.key === 'up_to' || each.key === 'value') continue;
      report(yaml, errors.WRONG_BAND_KEY, each, { field: each.key, value: scalarText(each.node) ?? '' });
    }
  }
}

function reportRow(yaml: YamlFile, part: Part, parameter: string, problem: RowProblem): void {
  const { field, value, expected } = problem;
  const definitions = {
    'unknown-dimension': errors.UNKNOWN_CONDITION,
    'wrong-name': errors.WRONG_ROW,
    'wrong-range': errors.WRONG_ROW,
    malformed: errors.WRONG_VALUE,
    'out-of-range': errors.VALUE_OUT_OF_RANGE,
  };
  const parameters = { parameter, expectedZh: expected.zh, expectedEn: expected.en };
  report(yaml, definitions[problem.problem], part, { field, value, parameters });
}

const namesText = (node: Node | null): string =>
  isSeq(node) ? node.items.map((item) => scalarText(item) ?? '').join(',') : (scalarText(node) ?? '');

function cellText(node: Node | null, { cell }: TableDefinition): string {
  if (!isSeq(node)) return scalarText(node) ?? '';
  if (cell.kind === 'choices') return node.items.map((item) => scalarText(item) ?? '').join(' > ') || 'none';
  if (cell.kind !== 'ratio-bands') return namesText(node);
  const bands = node.items.map((item) => {
    if (!isMap(item)) return scalarText(item) ?? '';
    const parts = ['up_to', 'value'].map((key) => scalarText(item.get(key, true)));
    return parts.filter((part) => part !== undefined).join(':');
  });
  return bands.join(' | ');
}
