/** What became of one of several: 'again' where another of them touched the same. */
export type Outcome<Result> = { readonly result: Result } | { readonly error: unknown } | 'again';

type Waiting<Work, Result> = {
  readonly work: Work;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/** While one group is in the store, the next is worked out here. */
const GROUPS_AT_ONCE = 2;
const TOGETHER_MAX = 8;

/**
 * Where work of one kind arrives. What comes while two groups are under way waits and is carried out together then, so that a busy
 * service does with a few statements what would take as many for each. Who comes alone does not wait.
 */
export class Desk<Work, Result> {
  readonly #carryOut: (works: readonly Work[]) => Promise<readonly Outcome<Result>[]>;
  #waiting: Waiting<Work, Result>[] = [];
  #groups = 0;

  constructor(carryOut: (works: readonly Work[]) => Promise<readonly Outcome<Result>[]>) {
    this.#carryOut = carryOut;
  }

  handle(work: Work): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject });
      // what the same moment brings goes together
      setImmediate(() => this.#start());
    });
  }

  #start(): void {
    while (this.#groups < GROUPS_AT_ONCE && this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, TOGETHER_MAX);
      this.#groups += 1;
      void this.#end(group).finally(() => {
        this.#groups -= 1;
        this.#start();
      });
    }
  }

  async #end(group: readonly Waiting<Work, Result>[]): Promise<void> {
    let outcomes: readonly Outcome<Result>[];
    try {
      outcomes = await this.#carryOut(group.map(({ work }) => work));
    } catch (error) {
      // nothing of any was kept: whose fault it was shows when each goes alone
      if (group.length === 1) group[0]!.reject(error);
      else for (const each of group) await this.#end([each]);
      return;
    }
    const again: Waiting<Work, Result>[] = [];
    for (const [index, each] of group.entries()) {
      const outcome = outcomes[index]!;
      if (outcome === 'again') again.push(each);
      else if ('error' in outcome) each.reject(outcome.error);
      else each.resolve(outcome.result);
    }
    this.#waiting.unshift(...again);
  }
}
