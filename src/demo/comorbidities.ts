/** Sets of other diagnoses that stand behind the principal one, prepared once so that a list only picks a set. */
import { AGE_BANDS } from './world.ts';

export const COMORBIDITY_SETS = 4_096;

/** Other diagnoses of each age band with their relative frequency. */
const OTHER_DIAGNOSES: Readonly<Record<(typeof AGE_BANDS)[number], Readonly<Record<string, number>>>> = {
  infant: {
    'P59.900': 20,
    'P92.900': 8,
    'R50.900': 10,
    'A49.900': 6,
    'D64.900': 8,
    'E87.600': 3,
    'L20.900': 4,
  },
  child: {
    'R50.900': 20,
    'A49.900': 12,
    'E86.x00': 8,
    'E87.600': 6,
    'D64.900': 6,
    'J32.900': 5,
    'K59.000': 3,
  },
  young: {
    'D64.900': 14,
    'K29.500': 12,
    'K76.000': 12,
    'E87.600': 5,
    'I10.x00': 6,
    'B18.100': 8,
    'J32.900': 4,
    'E04.100': 5,
    'N39.000': 5,
    'F41.900': 3,
  },
  middle: {
    'I10.x00': 40,
    'E11.900': 22,
    'K76.000': 20,
    'K29.500': 18,
    'M47.800': 14,
    'E04.100': 9,
    'I25.100': 12,
    'M51.200': 10,
    'I67.200': 9,
    'D64.900': 8,
    'E87.600': 7,
    'N20.000': 7,
    'K80.200': 6,
    'J42.x00': 6,
    'N39.000': 5,
    'F51.000': 4,
  },
  old: {
    'I10.x00': 60,
    'I25.100': 40,
    'E11.900': 28,
    'J44.900': 20,
    'I67.200': 20,
    'I69.300': 16,
    'M81.900': 14,
    'I50.900': 14,
    'K29.500': 14,
    'M17.900': 12,
    'D64.900': 12,
    'E87.600': 10,
    'I48.900': 9,
    'N18.900': 9,
    'J98.400': 9,
    'K59.000': 8,
    'N39.000': 8,
    'M47.800': 8,
    'F51.000': 5,
    'J96.000': 4,
  },
};
/** How many of a hundred sets have 0, 1, … 5 diagnoses. */
const SIZES: Readonly<Record<(typeof AGE_BANDS)[number], readonly number[]>> = {
  infant: [62, 26, 9, 3, 0, 0],
  child: [66, 24, 8, 2, 0, 0],
  young: [54, 27, 12, 5, 2, 0],
  middle: [22, 26, 24, 16, 8, 4],
  old: [9, 16, 24, 24, 16, 11],
};

export type ComorbiditySet = {
  /** age band × COMORBIDITY_SETS + number within the band */
  readonly number: number;
  readonly codes: readonly string[];
  /** Cost of the stay per mille of one without other diagnoses. */
  readonly costFactor: number;
};

export function createComorbiditySets(): ComorbiditySet[] {
  const next = createGenerator();
  return AGE_BANDS.flatMap((band, bandNumber) =>
    Array.from({ length: COMORBIDITY_SETS }, (_, index): ComorbiditySet => {
      const size = pick(
        SIZES[band].map((weight, count): [number, number] => [count, weight]),
        next(),
      );
      const rest = new Map(Object.entries(OTHER_DIAGNOSES[band]));
      const codes: string[] = [];
      while (codes.length < size) {
        const code = pick([...rest], next());
        rest.delete(code);
        codes.push(code);
      }
      return {
        number: bandNumber * COMORBIDITY_SETS + index,
        codes,
        costFactor: 960 + 28 * size + (codes.includes('J96.000') ? 180 : 0),
      };
    }),
  );
}

/** The option at `lot` (any non-negative integer) of the weighted options. */
function pick<T>(options: readonly (readonly [T, number])[], lot: number): T {
  let left = lot % options.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [option, weight] of options) {
    if (left < weight) return option;
    left -= weight;
  }
  throw new Error('unreachable: the lot is below the sum of the weights');
}

/** 32-bit integers by a fixed xorshift sequence: the sets are part of the invented world, not of a seed. */
function createGenerator(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
