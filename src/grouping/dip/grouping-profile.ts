import type { Policy } from '#policy/index.ts';
import type { TreatmentClass } from './catalogue/group-catalogue.ts';
import type { GroupingProfile } from './steps/grouping-state.ts';

/** The grouping profile a policy of method `dip-catalogue` makes. */
export function groupingProfile(policy: Policy): GroupingProfile {
  const classOf = (name: 'surgery' | 'intervention' | 'therapeutic' | 'diagnostic' | 'none') =>
    policy.integer(`comprehensive.class.${name}`).toString() as TreatmentClass;
  const hasBlankGroup = policy.choice('grouping.leftover') === 'blank-group';
  return {
    steps: policy.steps('grouping.steps'),
    options: {
      comprehensiveClass: {
        surgery: classOf('surgery'),
        intervention: classOf('intervention'),
        therapeutic: classOf('therapeutic'),
        diagnostic: classOf('diagnostic'),
        none: classOf('none'),
      },
      operationByStart: policy.choice('grouping.operation_codes') === 'start',
      blankGroup: hasBlankGroup ? policy.text('grouping.blank_group') : undefined,
    },
  };
}
