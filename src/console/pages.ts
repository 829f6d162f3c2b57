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

/** Every page of the console: a new one is a line here and a file in pages/. */
export const PAGES: readonly ConsolePage[] = [
  {
    path: '/password',
    title: { zh: '修改密码', en: 'Change the password' },
    action: 'password.change',
    component: PasswordPage,
  },
];
