/** The weights of every choice that a list makes. SQL turns them into wheels of slots (choice.sql). */
import { admissionsOf, type Cell } from './population.ts';
import { AGE_BANDS, COUNTIES, type Institution, SEASONS, type World } from './world.ts';

/** One option of a choice. `slots` is the size of the wheel and the same for all options of a kind. */
export type Weight = readonly [kind: string, slots: number, condition: number, item: number, weight: number];

/** What an institution must be good at for a department's patients. The order is the number in `need`. */
export const NEEDS = [
  'general',
  'maternal',
  'psychiatric',
  'orthopaedic',
  'infectious',
  'ophthalmic',
  'rehabilitation',
] as const;
export type Need = (typeof NEEDS)[number];

const NEED_OF_DEPARTMENT: Readonly<Record<string, Need>> = {
  obstetrics: 'maternal',
  gynaecology: 'maternal',
  neonatology: 'maternal',
  paediatrics: 'maternal',
  psychiatry: 'psychiatric',
  orthopaedics: 'orthopaedic',
  infectious: 'infectious',
  ophthalmology: 'ophthalmic',
  rehabilitation: 'rehabilitation',
  anorectal: 'rehabilitation',
};
export const needOf = (department: string): Need => NEED_OF_DEPARTMENT[department] ?? 'general';

/** Attraction of an institution by its speciality and the need, per mille; what is not named is 0. */
const ATTRACTION: Readonly<Record<string, Readonly<Partial<Record<Need, number>>>>> = {
  general: {
    general: 1000,
    maternal: 800,
    psychiatric: 200,
    orthopaedic: 900,
    infectious: 900,
    ophthalmic: 700,
    rehabilitation: 600,
  },
  tcm: {
    general: 700,
    maternal: 80,
    psychiatric: 40,
    orthopaedic: 1500,
    infectious: 120,
    ophthalmic: 300,
    rehabilitation: 2600,
  },
  maternal: { maternal: 4200, general: 12 },
  psychiatric: { psychiatric: 9000, general: 12 },
  orthopaedic: { orthopaedic: 6000, rehabilitation: 600, general: 10 },
  infectious: { infectious: 6000, general: 120 },
  ophthalmic: { ophthalmic: 9000 },
  rehabilitation: { rehabilitation: 6000, general: 500, orthopaedic: 700 },
};
/** Attraction of levels 1, 2 and 3 by the tier of the diagnosis, tier 1 first. */
const LEVEL_ATTRACTION = [
  [58, 50, 29],
  [60, 60, 30],
  [54, 62, 30],
  [44, 60, 30],
  [24, 50, 40],
];
/** Attraction per cent of an institution for patients of another county. */
const elsewhere = (institution: Institution): number =>
  institution.level === 3 ? 28 : institution.level === 1 ? 1 : institution.speciality === 'general' ? 3 : 16;

/** Attraction per cent of levels 1, 2 and 3: employees have the means and the rules to go to large institutions. */
const SCHEME_ATTRACTION = [
  [40, 90, 165],
  [100, 100, 100],
] as const;

/** What the institution with trivial admissions admits: colds, coughs, headaches. */
const TRIVIAL = ['J06.900', 'J20.900', 'R05.x00', 'R51.x00', 'R42.x00', 'K29.100', 'M79.100', 'M54.500'];

/** Years in the area's history and the current one. */
export const YEARS = 4;

/** @param year the current year */
export function createWeights(world: World, cells: readonly Cell[], year: number): Weight[] {
  return [
    ...cellWeights(cells, year),
    ...countyWeights(),
    ...diagnosisWeights(world),
    ...institutionWeights(world),
    ...SEASONS.flatMap(([, months], season) =>
      months.map((weight, month): Weight => ['month', 1024, season, month + 1, weight]),
    ),
    ...TRIVIAL.map((code): Weight => {
      const diagnosis = world.diagnoses.find((candidate) => candidate.code === code);
      if (!diagnosis) throw new Error(`the demo tables do not have the code ${code}`);
      return ['trivial', 1024, 0, diagnosis.number, 1];
    }),
    ...extraWeights(world),
  ];
}

function cellWeights(cells: readonly Cell[], year: number): Weight[] {
  return Array.from({ length: YEARS }, (_, yearNumber) => yearNumber).flatMap((yearNumber) =>
    admissionsOf(cells, year - YEARS + 1 + yearNumber).map(
      ({ cell, weight }): Weight => ['cell', 16384, yearNumber, cell.number, weight],
    ),
  );
}

const countyWeights = (): Weight[] =>
  COUNTIES.flatMap(([, employees, residents], county): Weight[] => [
    ['county', 1024, 0, county, employees],
    ['county', 1024, 1, county, residents],
  ]);

/** Admissions per cent by tier: employees are admitted less for what an outpatient visit can treat. */
const SCHEME_TIERS = [
  [50, 75, 100, 135, 175],
  [105, 103, 100, 96, 90],
] as const;

/** Condition: 20 for residents + 10 in the current year + 2 · age band + sex − 1. */
function diagnosisWeights(world: World): Weight[] {
  return SCHEME_TIERS.flatMap((tiers, scheme) =>
    [false, true].flatMap((current) =>
      diagnosisWeightsOf(world, tiers, current, scheme * 20 + (current ? 10 : 0)),
    ),
  );
}

function diagnosisWeightsOf(
  world: World,
  tiers: readonly number[],
  current: boolean,
  conditionFrom: number,
): Weight[] {
  const weights: Weight[] = [];
  for (const [band] of AGE_BANDS.entries()) {
    for (const sex of [1, 2] as const) {
      for (const diagnosis of world.diagnoses) {
        if (diagnosis.sex && diagnosis.sex !== sex) continue;
        // a diagnosis of one sex has all its patients there: the column counts both sexes together
        const usual = diagnosis.admissions[band]! * (diagnosis.sex ? 2 : 1) * tiers[diagnosis.tier - 1]!;
        const weight = diagnosis.current ? (current && band >= 2 ? 40 : 0) : usual;
        weights.push(['diagnosis', 16384, conditionFrom + band * 2 + sex - 1, diagnosis.number, weight]);
      }
    }
  }
  return weights;
}

/** Condition: ((scheme · 10 + tier) · 10 + need) · 8 + county, scheme 0 employees; of a transfer: county. */
function institutionWeights(world: World): Weight[] {
  const weights: Weight[] = [];
  for (const [county, [countyName]] of COUNTIES.entries()) {
    for (const institution of world.institutions) {
      const distance = institution.county === countyName ? 100 : elsewhere(institution);
      if (institution.level === 3) {
        weights.push(['transfer', 1024, county, institution.number, institution.size * distance]);
      }
      for (const [tier, attraction] of LEVEL_ATTRACTION.entries()) {
        for (const [need, needName] of NEEDS.entries()) {
          for (const [scheme, preference] of SCHEME_ATTRACTION.entries()) {
            const weight =
              attraction[institution.level - 1]! *
              preference[institution.level - 1]! *
              institution.size *
              distance *
              (ATTRACTION[institution.speciality]![needName] ?? 0);
            const condition = ((scheme * 10 + tier + 1) * 10 + need) * 8 + county;
            weights.push(['institution', 1024, condition, institution.number, weight]);
          }
        }
      }
    }
  }
  return weights;
}

/**
 * A procedure beside the treatment: mostly none or a minor one, seldom one that makes the list's key a rare one.
 * Condition: department.
 */
function extraWeights(world: World): Weight[] {
  const EVERYWHERE = new Set(['89.5200', '87.4100', '88.7600']);
  return world.departments.flatMap((department, condition): Weight[] => [
    ['extra', 4096, condition, 0, 74_000],
    ...world.procedures.map((procedure): Weight => {
      const own = procedure.department === department;
      const eligible = procedure.attribute !== 'minor' && procedure.attribute !== '';
      const weight = EVERYWHERE.has(procedure.code)
        ? 4_000
        : !eligible
          ? own
            ? 2_500
            : 0
          : procedure.attribute === 'surgery' || procedure.attribute === 'intervention'
            ? own
              ? 40
              : 0
            : own
              ? 120
              : 8;
      // procedures of one sex or of newborns only come with their own diagnoses
      const strange =
        /^(6[0-4]|85)\./.test(procedure.code) ||
        (!own && ['obstetrics', 'neonatology', 'gynaecology'].includes(procedure.department));
      return ['extra', 4096, condition, procedure.number, strange ? 0 : weight];
    }),
  ]);
}
