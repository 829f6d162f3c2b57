import { GlobalOutlined, MenuOutlined, MoonOutlined, SunOutlined, UserOutlined } from '@ant-design/icons';
import { App, Button, Drawer, Dropdown, Flex, Grid, Layout, Menu, Spin, Typography } from 'antd';
import { type ReactNode, Suspense, useState } from 'react';
import { Link, Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { Refusal } from './components/page.tsx';
import { ROLE_NAME } from './names.ts';
import { NewPassword, SignIn } from './pages/sign-in.tsx';
import { type ConsolePage, PAGES, type PageGroup } from './pages.ts';
import { usePreferences, useText } from './preferences.tsx';
import { SessionProvider, useMay, useSession, useSessionQuery, useSignOut } from './session.tsx';
import { YearChooser, YearProvider } from './year.tsx';

/** Signed in or not, and what is shown then. */
export function Console() {
  const session = useSessionQuery();
  if (session.error) {
    return (
      <Centre>
        <Refusal error={session.error} retry={session.refetch} />
      </Centre>
    );
  }
  if (session.data === undefined) {
    return (
      <Centre>
        <Spin size="large" />
      </Centre>
    );
  }
  if (session.data === null) return <SignIn />;
  if (session.data.mustChangePassword) return <NewPassword login={session.data.login} />;
  return (
    <SessionProvider session={session.data}>
      <YearProvider>
        <Frame />
      </YearProvider>
    </SessionProvider>
  );
}

function Frame() {
  const say = useText();
  const may = useMay();
  const wide = Grid.useBreakpoint().lg ?? true;
  const [menuOpen, setMenuOpen] = useState(false);
  const pages = PAGES.filter((page) => may(page.action));
  const first = pages.find((page) => page.group !== undefined);
  const menu = <PageMenu pages={pages} close={() => setMenuOpen(false)} />;
  return (
    <Layout style={{ minHeight: '100vh' }}>
      <a className="skip-link" href="#main">
        {say({ zh: '跳到正文', en: 'Skip to the page' })}
      </a>
      <Layout.Header style={HEADER}>
        {wide ? null : (
          <Button
            type="text"
            icon={<MenuOutlined />}
            aria-label={say({ zh: '打开菜单', en: 'Open the menu' })}
            onClick={() => setMenuOpen(true)}
          />
        )}
        <Link to="/" style={{ color: 'inherit', fontWeight: 600, fontSize: 16, whiteSpace: 'nowrap' }}>
          OpenYibao
        </Link>
        {may('area.read') ? <YearChooser /> : null}
        <div style={{ flex: 1 }} />
        <Switches />
      </Layout.Header>
      <Layout>
        {wide ? (
          <Layout.Sider width={208} className="no-print" style={{ borderInlineEnd: '1px solid var(--grid)' }}>
            <nav aria-label={say({ zh: '主菜单', en: 'Main menu' })}>{menu}</nav>
          </Layout.Sider>
        ) : (
          <Drawer
            placement="left"
            size={260}
            open={menuOpen}
            onClose={() => setMenuOpen(false)}
            title={say({ zh: '主菜单', en: 'Main menu' })}
          >
            {menu}
          </Drawer>
        )}
        <Layout.Content id="main" role="main" tabIndex={-1} style={{ padding: wide ? 24 : 12, minWidth: 0 }}>
          <Suspense fallback={<Spin />}>
            <Routes>
              {first ? <Route path="/" element={<Navigate to={first.path} replace />} /> : null}
              {pages.map((page) => (
                <Route key={page.path} path={page.path} element={<page.component />} />
              ))}
              <Route path="*" element={<NoSuchPage />} />
            </Routes>
          </Suspense>
        </Layout.Content>
      </Layout>
    </Layout>
  );
}

const GROUP_TITLE: Record<PageGroup, { zh: string; en: string }> = {
  person: { zh: '个人', en: 'My own' },
  year: { zh: '年度', en: 'The year' },
  insured: { zh: '参保与待遇', en: 'Insured persons' },
  work: { zh: '经办', en: 'Work' },
  policy: { zh: '政策', en: 'Policy' },
  hospital: { zh: '本院', en: 'My institution' },
  service: { zh: '系统', en: 'Service' },
};

function PageMenu(props: { readonly pages: readonly ConsolePage[]; readonly close: () => void }) {
  const say = useText();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const groups = Object.keys(GROUP_TITLE) as PageGroup[];
  const chosen = [...props.pages]
    .filter(
      (page) => page.group !== undefined && (pathname === page.path || pathname.startsWith(`${page.path}/`)),
    )
    .map((page) => page.path);
  return (
    <Menu
      mode="inline"
      style={{ borderInlineEnd: 0, background: 'transparent' }}
      selectedKeys={chosen}
      onClick={({ key }) => {
        navigate(key);
        props.close();
      }}
      items={groups
        .map((group) => ({
          type: 'group' as const,
          key: group,
          label: say(GROUP_TITLE[group]),
          children: props.pages
            .filter((page) => page.group === group)
            .map((page) => ({
              key: page.path,
              icon: page.icon ? <page.icon /> : null,
              label: say(page.title),
            })),
        }))
        .filter((group) => group.children.length > 0)}
    />
  );
}

/** Language, brightness and the person signed in. */
function Switches() {
  const say = useText();
  const { language, brightness, setLanguage, setBrightness } = usePreferences();
  const user = useSession();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const { message } = App.useApp();
  return (
    <Flex gap={4} align="center">
      <Button
        type="text"
        icon={<GlobalOutlined />}
        lang={language === 'zh' ? 'en' : 'zh-CN'}
        onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
      >
        {language === 'zh' ? 'English' : '中文'}
      </Button>
      <Button
        type="text"
        icon={brightness === 'dark' ? <SunOutlined /> : <MoonOutlined />}
        aria-label={
          brightness === 'dark'
            ? say({ zh: '浅色显示', en: 'Light colours' })
            : say({ zh: '深色显示', en: 'Dark colours' })
        }
        onClick={() => setBrightness(brightness === 'dark' ? 'light' : 'dark')}
      />
      <Dropdown
        menu={{
          items: [
            { key: 'role', disabled: true, label: say(ROLE_NAME[user.role] ?? user.role) },
            { key: 'password', label: say({ zh: '修改密码', en: 'Change the password' }) },
            { key: 'out', label: say({ zh: '退出', en: 'Sign out' }) },
          ],
          onClick: ({ key }) => {
            if (key === 'password') navigate('/password');
            if (key === 'out') signOut().catch((error: Error) => message.error(error.message));
          },
        }}
      >
        <Button type="text" icon={<UserOutlined />} aria-label={user.displayName}>
          <span className="user-name">{user.displayName}</span>
        </Button>
      </Dropdown>
    </Flex>
  );
}

function NoSuchPage() {
  const say = useText();
  return (
    <Flex vertical align="center" gap={8} style={{ padding: 64 }}>
      <Typography.Title level={1} style={{ fontSize: 22 }}>
        {say({ zh: '没有这个页面', en: 'There is no such page' })}
      </Typography.Title>
      <Typography.Text type="secondary">
        {say({
          zh: '地址有误，或您的角色不能查看它。',
          en: 'The address is wrong, or your role may not see it.',
        })}
      </Typography.Text>
      <Link to="/">{say({ zh: '回到首页', en: 'Back to the first page' })}</Link>
    </Flex>
  );
}

export function Centre({ children }: { readonly children: ReactNode }) {
  return (
    <Flex align="center" justify="center" style={{ minHeight: '100vh', padding: 24 }}>
      {children}
    </Flex>
  );
}

const HEADER = {
  display: 'flex',
  alignItems: 'center',
  gap: 16,
  paddingInline: 24,
  background: 'var(--paper)',
  borderBottom: '1px solid var(--grid)',
  height: 52,
  lineHeight: 'normal',
} as const;
