import { type NumberLists, type Program, ROLES, type Role } from '../program.ts';

/** For each place in which a code can stand, by code number: the first code a scheme treats the same, 0 = not looked at. */
export type CodeClasses = Readonly<Record<Role, Int32Array>>;

/** The classes of codes a scheme tells apart; the class of a code is the number of its first member. */
export function codeClasses(program: Program): CodeClasses {
  const classes = ROLES.map((role): [Role, Int32Array] => {
    const first = new Map<string, number>();
    const byCode = new Int32Array(program.codes.length + 1);
    for (let code = 1; code <= program.codes.length; code++) {
      const key = treatment(program, role, code);
      if (key === NOTHING) continue;
      if (!first.has(key)) first.set(key, code);
      byCode[code] = first.get(key)!;
    }
    return [role, byCode];
  });
  return Object.fromEntries(classes) as CodeClasses;
}

const NOTHING = '|||';

/** All that a scheme makes of a code in one place. */
function treatment(program: Program, role: Role, code: number): string {
  const tests = listOf(program.effects[role].tests, code);
  if (role === 'principalProcedure' || role === 'otherProcedure') return `${tests}|||`;
  const sites = listOf(program.sites, code);
  return role === 'principalDiagnosis'
    ? `${tests}|${program.exclusion[code] || ''}||${sites}`
    : `${tests}|${program.mcc[code] || ''}|${program.cc[code] || ''}|${sites}`;
}

const listOf = ({ offsets, values }: NumberLists, index: number): string =>
  values.slice(offsets[index], offsets[index + 1]).join();
