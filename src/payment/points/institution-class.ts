import type { AreaTables, Institution } from '#catalogue/area-tables.ts';
import { areaErrors } from '#catalogue/errors.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { Policy } from '#policy/index.ts';

/** Institutions that share an institution coefficient. */
export type InstitutionClass = {
  readonly classNo: number;
  readonly level: number;
  readonly institutions: readonly Institution[];
};

const LEVELS = [1, 2, 3] as const;

/**
 * The classes an area's institutions fall into under `coefficient.method`: levels, levels and types, or each institution by
 * itself. With levels, class_no is the level.
 * @throws YibaoError when the method needs a type that an institution lacks
 */
export function institutionClasses(tables: AreaTables, policy: Policy): InstitutionClass[] {
  const { institutions } = tables;
  const method = policy.choice('coefficient.method');
  if (method === 'level' || method === 'by-disease') {
    return LEVELS.map((level) => ({
      classNo: level,
      level,
      institutions: institutions.filter((one) => one.level === level),
    }));
  }
  if (method === 'level-and-type') {
    const problems = institutions
      .filter(({ type }) => type === '')
      .map(
        ({ fixmedinsCode }): Problem => ({
          definition: areaErrors.typeColumnMissing,
          file: 'institutions.csv',
          field: 'type',
          value: fixmedinsCode,
        }),
      );
    if (problems.length > 0) throw new YibaoError(problems);
  }
  const keyOf = ({ fixmedinsCode, level, type }: Institution) =>
    method === 'level-and-type' ? `${level} ${type}` : fixmedinsCode;
  return [...Map.groupBy(institutions, keyOf).values()].map((members, index) => ({
    classNo: index + 1,
    level: members[0]!.level,
    institutions: members,
  }));
}
