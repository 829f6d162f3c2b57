import type { Line } from '../compare/side.ts';
import { type SimulationComparison, unexplainedFen } from './side.ts';

/** An integer as a number of JSON where that is exact, else as text. */
const plain = (value: unknown): unknown =>
  typeof value !== 'bigint'
    ? value
    : value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value)
      : value.toString();

const plainRow = (row: object): object =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));

/**
 * The comparison as plain data. Money is fen (`…_fen`), points and scores × 10^4 (`…4`), point values × 10^8 (`…8`);
 * `scenarios[0]` is the base, every list of the others holds the same rows in the same order, null where there is none.
 */
export function simulationData(comparison: SimulationComparison): object {
  const { area, sides, groupNames } = comparison;
  const of = <Row extends object>(lines: readonly Line<Row>[], side: number, key: string) =>
    lines.map((line) => {
      const row = line.rows[side];
      return row === undefined ? { [key]: line.key, missing: true } : plainRow(row);
    });
  return {
    area,
    scenarios: sides.map(({ id, title, description, changes }, side) => ({
      scenario: id,
      title,
      ...(description ? { description } : {}),
      hypothetical: side > 0,
      changes,
      schemes: comparison.schemes.map(({ key, rows }) => ({
        insutype: key,
        ...(rows[side]
          ? { ...plainRow(rows[side]), unexplained_fen: plain(unexplainedFen(rows[side])) }
          : {}),
      })),
      levels: of(comparison.levels, side, 'level'),
      institutions: of(comparison.institutions, side, 'fixmedins_code'),
      clearing: of(comparison.clearing, side, 'insutype_fixmedins_code'),
      months: of(comparison.months, side, 'insutype_month'),
      groups: of(comparison.groups, side, 'group').map((row) => ({
        ...row,
        name: groupNames.get((row as { group_code?: string }).group_code ?? '') ?? null,
      })),
    })),
  };
}
