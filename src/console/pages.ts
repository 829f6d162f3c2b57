import {
  AccountBookOutlined,
  ApartmentOutlined,
  AuditOutlined,
  BankOutlined,
  BookOutlined,
  CalendarOutlined,
  CheckSquareOutlined,
  CloudUploadOutlined,
  DashboardOutlined,
  EditOutlined,
  ExperimentOutlined,
  FileSearchOutlined,
  FileTextOutlined,
  HomeOutlined,
  MedicineBoxOutlined,
  StopOutlined,
  TeamOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import { type ComponentType, lazy } from 'react';
import { PasswordPage } from './pages/sign-in.tsx';
import type { Text } from './preferences.tsx';

export type PageGroup = 'year' | 'work' | 'policy' | 'hospital' | 'service';

export type ConsolePage = {
  readonly path: string;
  readonly title: Text;
  /** the action of the permissions table without which the page is neither shown nor reachable */
  readonly action: string;
  /** the group of the menu it stands in; undefined: reached by links only */
  readonly group?: PageGroup;
  readonly icon?: ComponentType;
  readonly component: ComponentType;
};

/** Loads a page when it is first opened. */
export function page(load: () => Promise<ComponentType>): ComponentType {
  return lazy(async () => ({ default: await load() }));
}

/** Every page of the console: a new one is an entry here and a file in pages/. */
export const PAGES: readonly ConsolePage[] = [
  {
    path: '/my-institution',
    title: { zh: '本机构', en: 'My institution' },
    action: 'appeal.file',
    group: 'year',
    icon: HomeOutlined,
    component: page(async () => (await import('./pages/my-institution.tsx')).MyInstitutionPage),
  },
  {
    path: '/overview',
    title: { zh: '总览', en: 'Overview' },
    action: 'run.read',
    group: 'year',
    icon: DashboardOutlined,
    component: page(async () => (await import('./pages/overview.tsx')).OverviewPage),
  },
  {
    path: '/institutions',
    title: { zh: '医疗机构', en: 'Institutions' },
    action: 'run.read',
    group: 'year',
    icon: BankOutlined,
    component: page(async () => (await import('./pages/institutions.tsx')).InstitutionsPage),
  },
  {
    path: '/institutions/:code',
    title: { zh: '机构', en: 'Institution' },
    action: 'run.read',
    component: page(async () => (await import('./pages/institutions.tsx')).InstitutionPage),
  },
  {
    path: '/groups',
    title: { zh: '病种目录', en: 'Groups' },
    action: 'group.read',
    group: 'year',
    icon: ApartmentOutlined,
    component: page(async () => (await import('./pages/groups.tsx')).GroupsPage),
  },
  {
    path: '/groups/:group',
    title: { zh: '病种', en: 'Group' },
    action: 'group.read',
    component: page(async () => (await import('./pages/groups.tsx')).GroupPage),
  },
  {
    path: '/cases',
    title: { zh: '病例', en: 'Cases' },
    action: 'case.read',
    group: 'year',
    icon: UnorderedListOutlined,
    component: page(async () => (await import('./pages/cases.tsx')).CasesPage),
  },
  {
    path: '/cases/:setlId',
    title: { zh: '病例', en: 'Case' },
    action: 'case.read',
    component: page(async () => (await import('./pages/case.tsx')).CasePage),
  },
  {
    path: '/months',
    title: { zh: '月预结算', en: 'Months' },
    action: 'run.read',
    group: 'year',
    icon: CalendarOutlined,
    component: page(async () => (await import('./pages/months.tsx')).MonthsPage),
  },
  {
    path: '/settlement',
    title: { zh: '结算与清算', en: 'Settlement' },
    action: 'run.read',
    group: 'work',
    icon: AccountBookOutlined,
    component: page(async () => (await import('./pages/settlement.tsx')).SettlementPage),
  },
  {
    path: '/approvals',
    title: { zh: '审批事项', en: 'Approvals' },
    action: 'approval.read',
    group: 'work',
    icon: CheckSquareOutlined,
    component: page(async () => (await import('./pages/approvals.tsx')).ApprovalsPage),
  },
  {
    path: '/lists/refused',
    title: { zh: '拒收的清单', en: 'Refused lists' },
    action: 'list.read',
    group: 'work',
    icon: StopOutlined,
    component: page(async () => (await import('./pages/lists.tsx')).RefusedPage),
  },
  {
    path: '/policy/parameters',
    title: { zh: '参数与条款', en: 'Parameters' },
    action: 'run.read',
    group: 'policy',
    icon: BookOutlined,
    component: page(async () => (await import('./pages/parameters.tsx')).ParametersPage),
  },
  {
    path: '/lists/uploaded',
    title: { zh: '上传的清单', en: 'Uploaded lists' },
    action: 'uploaded-list.read',
    group: 'work',
    icon: FileTextOutlined,
    component: page(async () => (await import('./pages/uploaded-lists.tsx')).UploadedListsPage),
  },
  {
    path: '/lists/uploaded/:list',
    title: { zh: '清单', en: 'List' },
    action: 'uploaded-list.read',
    component: page(async () => (await import('./pages/uploaded-lists.tsx')).UploadedListPage),
  },
  {
    path: '/preview',
    title: { zh: '支付预览', en: 'Case preview' },
    action: 'preview.run',
    group: 'year',
    icon: FileSearchOutlined,
    component: page(async () => (await import('./pages/preview.tsx')).PreviewPage),
  },
  {
    path: '/policy/drafts',
    title: { zh: '政策草案', en: 'Policy drafts' },
    action: 'simulation.read',
    group: 'policy',
    icon: EditOutlined,
    component: page(async () => (await import('./pages/drafts.tsx')).DraftsPage),
  },
  {
    path: '/policy/drafts/new',
    title: { zh: '起草政策', en: 'New policy draft' },
    action: 'policy.draft',
    component: page(async () => (await import('./pages/drafts.tsx')).NewDraftPage),
  },
  {
    path: '/policy/drafts/:id/correct',
    title: { zh: '更正草案', en: 'Correct a draft' },
    action: 'policy.draft',
    component: page(async () => (await import('./pages/drafts.tsx')).CorrectDraftPage),
  },
  {
    path: '/special-cases',
    title: { zh: '特病单议', en: 'Special cases' },
    action: 'approval.read',
    group: 'work',
    icon: MedicineBoxOutlined,
    component: page(async () => (await import('./pages/special-cases.tsx')).SpecialCasesPage),
  },
  {
    path: '/simulation',
    title: { zh: '政策试算', en: 'Simulation' },
    action: 'simulation.run',
    group: 'policy',
    icon: ExperimentOutlined,
    component: page(async () => (await import('./pages/simulation.tsx')).SimulationPage),
  },
  {
    path: '/jobs',
    title: { zh: '导入与结算', en: 'Jobs' },
    action: 'job.read',
    group: 'work',
    icon: CloudUploadOutlined,
    component: page(async () => (await import('./pages/jobs.tsx')).JobsPage),
  },
  {
    path: '/users',
    title: { zh: '用户', en: 'Users' },
    action: 'user.read',
    group: 'service',
    icon: TeamOutlined,
    component: page(async () => (await import('./pages/users.tsx')).UsersPage),
  },
  {
    path: '/audit',
    title: { zh: '审计日志', en: 'Audit log' },
    action: 'audit.read',
    group: 'service',
    icon: AuditOutlined,
    component: page(async () => (await import('./pages/audit.tsx')).AuditPage),
  },
  {
    path: '/password',
    title: { zh: '修改密码', en: 'Change the password' },
    action: 'password.change',
    component: PasswordPage,
  },
];
