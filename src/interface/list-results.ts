/** What quality control says of one version of a list, in the words of 4104 and 3607. */
export type ListQuality = {
  /** '1' no error was found, '0' at least one */
  readonly passed: '0' | '1';
  /** of the gravest finding: '1' error, '2' warning, '3' notice, '0' none */
  readonly level: '0' | '1' | '2' | '3';
  /** '1': the list has to be returned to the institution */
  readonly returned: '0' | '1';
  /** the set of checks */
  readonly version: string;
  readonly details: readonly {
    readonly field: string;
    readonly finding: string;
    readonly level: string;
    readonly returned: string;
    readonly value: string;
  }[];
};

/** How one version of a list is grouped, in the words of 3605 and 3606. Scores and points are decimal text. */
export type ListGrouping = {
  readonly method: 'dip' | 'drg';
  readonly isGrouped: boolean;
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly kindName: string;
  readonly diagnosis: string;
  readonly procedures: string;
  readonly auxiliary: string;
  readonly score: string;
  readonly points: string;
  readonly adrg?: string;
  readonly mdc?: string;
  readonly complication?: string;
  /** the catalogue or grouping scheme and where it comes from */
  readonly scheme: string;
  /** why it was not grouped; '' when it was */
  readonly reason: string;
};
