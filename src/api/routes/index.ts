import type { Route } from '../route.ts';
import { approvalRoutes } from './approvals.ts';
import { areaRoutes } from './areas.ts';
import { auditRoutes } from './audit.ts';
import { continuityRoutes } from './continuity.ts';
import { contributionRoutes } from './contributions.ts';
import { earlyWarningRoutes } from './early-warnings.ts';
import { enrolmentRoutes } from './enrolment.ts';
import { fundRoutes } from './fund.ts';
import { hospitalInterfaceRoutes } from './hospital-interface.ts';
import { itemRoutes } from './items.ts';
import { jobRoutes } from './jobs.ts';
import { oidcRoutes } from './oidc.ts';
import { ownFileRoutes } from './own-file.ts';
import { payableRoutes } from './payables.ts';
import { personRoutes } from './persons.ts';
import { previewRoutes } from './preview.ts';
import { reimbursementRoutes } from './reimbursements.ts';
import { runListRoutes } from './run-lists.ts';
import { runRoutes } from './runs.ts';
import { serviceRoutes } from './service.ts';
import { serviceRequestRoutes } from './service-requests.ts';
import { sessionRoutes } from './session.ts';
import { simulationRoutes } from './simulations.ts';
import { specialCaseRoutes } from './special-cases.ts';
import { statementRoutes } from './statements.ts';
import { uploadedListRoutes } from './uploaded-lists.ts';
import { userRoutes } from './users.ts';
import { yearRoutes } from './year.ts';

/** Every route of the service: a new one is added to the file of its resource, a new resource here. */
export const ROUTES: readonly Route[] = [
  ...serviceRoutes,
  ...sessionRoutes,
  ...oidcRoutes,
  ...areaRoutes,
  ...hospitalInterfaceRoutes,
  ...jobRoutes,
  ...runRoutes,
  ...runListRoutes,
  ...yearRoutes,
  ...approvalRoutes,
  ...simulationRoutes,
  ...statementRoutes,
  ...uploadedListRoutes,
  ...previewRoutes,
  ...specialCaseRoutes,
  ...personRoutes,
  ...ownFileRoutes,
  ...fundRoutes,
  ...reimbursementRoutes,
  ...itemRoutes,
  ...earlyWarningRoutes,
  ...serviceRequestRoutes,
  ...userRoutes,
  ...auditRoutes,
  ...enrolmentRoutes,
  ...contributionRoutes,
  ...continuityRoutes,
  ...payableRoutes,
];
