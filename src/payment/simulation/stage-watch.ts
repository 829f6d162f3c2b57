import { type ParameterName, type Policy, parametersOfSql, watchedPolicy } from '#policy/index.ts';

/**
 * The stages of a settlement in their order. Each reads what those before it have left, and makes anew or fills what it
 * leaves itself:
 *
 * - `lists`: reads the lists, refuses, groups by signature; what costs most of the time;
 * - `groups`: catalogue, scores and coefficients;
 * - `points`: the points of every list;
 * - `money`: parts, months, point values and the annual clearing.
 */
export const STAGES = ['lists', 'groups', 'points', 'money'] as const;
export type Stage = (typeof STAGES)[number];

/** What a stage does to a table: makes it, or changes the rows of one that is there. */
type Write = { readonly table: string; readonly makes: boolean };

/** What every stage of one settlement has read and written, enough to repeat only the later ones. */
export type StageRecord = {
  /** for each parameter that any stage asked for, the first that did */
  readonly firstReader: Readonly<Partial<Record<ParameterName, Stage>>>;
  /** the tables each stage makes or changes */
  readonly made: Readonly<Record<Stage, readonly string[]>>;
  readonly changed: Readonly<Record<Stage, readonly string[]>>;
};

/**
 * Follows a settlement and notes which stage asks for which parameter, be it in TypeScript or in a SQL file, and which
 * tables it writes. A stage that was not asked for a changed parameter, nor any before it, would do again what it did:
 * so what depends on a parameter is never written down by hand, and cannot be forgotten when a step begins to read one.
 */
export class StageWatch {
  #stage: Stage | undefined = 'lists';
  readonly #readers = new Map<ParameterName, Stage>();
  readonly #made = setsOfStages();
  readonly #changed = setsOfStages();

  /** What is read from now on is read by this stage; undefined: by a check whose answer no stage uses. */
  enter(stage: Stage | undefined): void {
    this.#stage = stage;
  }

  policy(policy: Policy): Policy {
    return watchedPolicy(policy, (name) => this.#note(name));
  }

  statement(sql: string): void {
    const text = sql.replaceAll(/--.*$/gm, '');
    for (const name of parametersOfSql(text)) this.#note(name);
    if (this.#stage === undefined) return;
    for (const { table, makes } of writesOf(text)) {
      (makes ? this.#made : this.#changed)[this.#stage].add(table);
    }
  }

  record(): StageRecord {
    const lists = (sets: Record<Stage, Set<string>>) =>
      Object.fromEntries(STAGES.map((stage) => [stage, [...sets[stage]].toSorted()])) as Record<
        Stage,
        string[]
      >;
    return {
      firstReader: Object.fromEntries([...this.#readers].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      made: lists(this.#made),
      changed: lists(this.#changed),
    };
  }

  #note(name: ParameterName): void {
    if (this.#stage === undefined) return;
    const before = this.#readers.get(name);
    if (before === undefined || STAGES.indexOf(this.#stage) < STAGES.indexOf(before)) {
      this.#readers.set(name, this.#stage);
    }
  }
}

const setsOfStages = (): Record<Stage, Set<string>> =>
  Object.fromEntries(STAGES.map((stage) => [stage, new Set<string>()])) as Record<Stage, Set<string>>;

/** The tables that the statements of a text write. */
function writesOf(sql: string): Write[] {
  const making = sql.matchAll(
    /\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)/gi,
  );
  const changing = sql.matchAll(/\b(?:INSERT\s+INTO|COPY|UPDATE|DELETE\s+FROM)\s+(\w+)/gi);
  return [
    ...Array.from(making, ([, table]) => ({ table: table!, makes: true })),
    ...Array.from(changing, ([, table]) => ({ table: table!, makes: false })),
  ];
}

/** The stages from one on. */
export const stagesFrom = (stage: Stage): readonly Stage[] => STAGES.slice(STAGES.indexOf(stage));
