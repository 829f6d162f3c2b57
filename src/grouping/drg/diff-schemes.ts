import { conditionText } from './condition.ts';
import { type Scheme, type Step, VALID_PROCEDURES } from './scheme.ts';

export type SchemeDiff = {
  readonly groups: {
    readonly came: readonly { readonly code: string; readonly name: string }[];
    readonly went: readonly { readonly code: string; readonly name: string }[];
    readonly renamed: readonly { readonly code: string; readonly before: string; readonly after: string }[];
  };
  readonly steps: {
    readonly came: readonly StepPlace[];
    readonly went: readonly StepPlace[];
    readonly changed: readonly (StepPlace & { readonly before: string; readonly after: string })[];
    /** tried in another order than before among the steps of both */
    readonly moved: readonly StepPlace[];
  };
  /** lists, parts of lists and tables in which codes came, went or have another value (part, exclusion list) */
  readonly lists: readonly ListDiff[];
};
export type StepPlace = Pick<Step, 'seq' | 'level' | 'mdc' | 'code'> & { readonly condition: string };
export type ListDiff = {
  readonly name: string;
  readonly change: 'came' | 'went' | 'changed';
  readonly came: readonly string[];
  readonly went: readonly string[];
  readonly changed: readonly { readonly code: string; readonly before: string; readonly after: string }[];
};

/** What is different in the second scheme. */
export function diffSchemes(before: Scheme, after: Scheme): SchemeDiff {
  return {
    groups: diffGroups(before.groups, after.groups),
    steps: diffSteps(before.steps, after.steps),
    lists: diffLists(before, after),
  };
}

function diffGroups(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): SchemeDiff['groups'] {
  const only = (groups: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>) =>
    [...groups].flatMap(([code, name]) => (others.has(code) ? [] : [{ code, name }]));
  return {
    came: only(after, before),
    went: only(before, after),
    renamed: [...before].flatMap(([code, name]) => {
      const now = after.get(code);
      return now === undefined || now === name ? [] : [{ code, before: name, after: now }];
    }),
  };
}

/** Steps are the same when level, MDC and code are, and for alternatives of one ADRG or MDC the place among them. */
function keyed(steps: readonly Step[]): Map<string, Step> {
  const times = new Map<string, number>();
  const byKey = new Map<string, Step>();
  for (const step of steps) {
    const name = `${step.level} ${step.mdc} ${step.code}`;
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    byKey.set(`${name} ${time}`, step);
  }
  return byKey;
}

const placeOf = ({ seq, level, mdc, code, text }: Step): StepPlace => ({
  seq,
  level,
  mdc,
  code,
  condition: text,
});

function diffSteps(stepsBefore: readonly Step[], stepsAfter: readonly Step[]): SchemeDiff['steps'] {
  const before = keyed(stepsBefore);
  const after = keyed(stepsAfter);
  const only = (steps: Map<string, Step>, others: Map<string, Step>) =>
    [...steps].flatMap(([key, step]) => (others.has(key) ? [] : [placeOf(step)]));
  const both = [...after].flatMap(([key, now]) => {
    const old = before.get(key);
    return old === undefined ? [] : [{ old, now }];
  });
  const order = new Map([...before.values()].map((step, index) => [step, index]));
  const inPlace = longestAscending(both.map(({ old }) => order.get(old)!));
  return {
    came: only(after, before),
    went: only(before, after),
    changed: both.flatMap(({ old, now }) =>
      conditionText(old.condition) === conditionText(now.condition)
        ? []
        : [{ ...placeOf(now), before: old.text, after: now.text }],
    ),
    moved: both.flatMap(({ now }, index) => (inPlace.has(index) ? [] : [placeOf(now)])),
  };
}

/** The places of a longest ascending subsequence of distinct numbers. */
function longestAscending(numbers: readonly number[]): ReadonlySet<number> {
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [place, number] of numbers.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[ends[middle]!]! < number) low = middle + 1;
      else high = middle;
    }
    previous[place] = low > 0 ? ends[low - 1]! : -1;
    ends[low] = place;
  }
  const places = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at]!) places.add(at);
  return places;
}

function diffLists(before: Scheme, after: Scheme): ListDiff[] {
  const tables = (scheme: Scheme) =>
    new Map<string, ReadonlyMap<string, string>>([
      ...[...scheme.lists].map(([name, { partOf }]): [string, ReadonlyMap<string, string>] => [
        `@${name}`,
        partOf,
      ]),
      [`@${VALID_PROCEDURES}`, new Map([...scheme.validProcedures].map((code) => [code, '']))],
      ['mcc.csv', scheme.mcc],
      ['cc.csv', scheme.cc],
      ['exclusions.csv', scheme.exclusions],
    ]);
  const [old, now] = [tables(before), tables(after)];
  const none: ReadonlyMap<string, string> = new Map();
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): ListDiff[] => {
    const [was, is] = [old.get(name) ?? none, now.get(name) ?? none];
    const came = [...is.keys()].filter((code) => !was.has(code));
    const went = [...was.keys()].filter((code) => !is.has(code));
    const changed = [...is].flatMap(([code, value]) => {
      const earlier = was.get(code);
      return earlier === undefined || earlier === value ? [] : [{ code, before: earlier, after: value }];
    });
    if (came.length + went.length + changed.length === 0) return [];
    const change = !old.has(name) ? 'came' : now.has(name) ? 'changed' : 'went';
    return [{ name, change, came, went, changed }];
  });
}
