/** The insured persons of the invented area by scheme, sex and year of birth. */

export type Cell = {
  readonly number: number;
  /** 310 employee, 390 resident */
  readonly insutype: 310 | 390;
  readonly sex: 1 | 2;
  readonly birthYear: number;
  /** The persons of the cell are numbered from `personFrom`, `persons` of them. */
  readonly personFrom: number;
  readonly persons: number;
};

/** Insured of Guizhou at the end of 2020 in ten thousands and hundredths: 475.49 and 3718.87. */
const EMPLOYEES = 475_49;
const RESIDENTS = 3_718_87;
/** Stays a year per hundred insured: together with the proportion they give the share of the employees' lists. */
const EMPLOYEE_ADMISSIONS = 18;
const RESIDENT_ADMISSIONS = 15;
const OLDEST = 95;

/** Relative persons of one year of age: [up to and including that age, employees, residents]. */
const PYRAMID: readonly (readonly [number, number, number])[] = [
  [14, 0, 150],
  [19, 0, 130],
  [24, 90, 110],
  [44, 230, 105],
  [59, 200, 150],
  [69, 120, 115],
  [79, 70, 80],
  [89, 25, 30],
  [OLDEST, 6, 7],
];

/** Relative stays a year of one person: [up to and including that age, men, women]. */
const ADMISSION_RATES: readonly (readonly [number, number, number])[] = [
  [0, 560, 470],
  [4, 260, 215],
  [14, 95, 75],
  [19, 50, 55],
  [36, 60, 165],
  [44, 85, 110],
  [64, 175, 170],
  [79, 390, 350],
  [OLDEST + 3, 470, 420],
];

export const employeesOf = (persons: number): number =>
  Math.round((persons * EMPLOYEES) / (EMPLOYEES + RESIDENTS));

/**
 * Splits the insured into cells. The persons of the cells add up to `persons`.
 * @param year the current year; the youngest are born in it
 */
export function createCells(persons: number, year: number): Cell[] {
  const employees = employeesOf(persons);
  const cells: Cell[] = [];
  let personFrom = 0;
  for (const [insutype, total, column] of [
    [310, employees, 1],
    [390, persons - employees, 2],
  ] as const) {
    const ages = Array.from({ length: OLDEST + 1 }, (_, age) => age);
    const weights = ages.map((age) => rowFor(PYRAMID, age)[column]);
    const weightTotal = weights.reduce((sum, weight) => sum + weight, 0);
    let weightBelow = 0;
    for (const age of ages) {
      for (const sex of [1, 2] as const) {
        // cumulative rounding keeps the total exact
        const from = Math.floor(
          (total * 2 * weightBelow + total * weights[age]! * (sex - 1)) / (2 * weightTotal),
        );
        const to = Math.floor((total * 2 * weightBelow + total * weights[age]! * sex) / (2 * weightTotal));
        if (to > from) {
          cells.push({
            number: cells.length,
            insutype,
            sex,
            birthYear: year - age,
            personFrom: personFrom + from,
            persons: to - from,
          });
        }
      }
      weightBelow += weights[age]!;
    }
    personFrom += total;
  }
  return cells;
}

/**
 * Relative stays of each cell in `year`, with the schemes in the proportion of their admission rates. The weight
 * goes by the pyramid, not by the persons of the cell: the population as a whole does not grow older with the years.
 */
export function admissionsOf(cells: readonly Cell[], year: number): { cell: Cell; weight: number }[] {
  const stays = cells
    .filter((cell) => cell.birthYear <= year)
    .map((cell) => {
      const age = year - cell.birthYear;
      const inhabitants = rowFor(PYRAMID, age)[cell.insutype === 310 ? 1 : 2];
      return { cell, stays: inhabitants * rowFor(ADMISSION_RATES, age)[cell.sex] };
    });
  const totalOf = (insutype: number) =>
    stays.reduce((sum, row) => sum + (row.cell.insutype === insutype ? row.stays : 0), 0);
  const scale = {
    310: (EMPLOYEES * EMPLOYEE_ADMISSIONS) / totalOf(310),
    390: (RESIDENTS * RESIDENT_ADMISSIONS) / totalOf(390),
  };
  return stays.map((row) => ({ cell: row.cell, weight: Math.round(row.stays * scale[row.cell.insutype]) }));
}

/** The row of a table by age that holds `age`. */
function rowFor(
  table: readonly (readonly [number, number, number])[],
  age: number,
): readonly [number, number, number] {
  return table.find(([upTo]) => age <= upTo) ?? table.at(-1)!;
}
