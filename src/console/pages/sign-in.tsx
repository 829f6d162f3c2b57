import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Divider, Flex, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { OidcInfo } from '#api/contract/oidc.ts';
import { OIDC_REFUSALS } from '#api/contract/words.ts';
import { read, write } from '../client.ts';
import { Page, Refusal } from '../components/page.tsx';
import { usePreferences, useText } from '../preferences.tsx';
import { Centre } from '../shell.tsx';

/** The first page: who are you. */
export function SignIn() {
  const say = useText();
  const { language, setLanguage } = usePreferences();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const provider = useQuery({ queryKey: ['oidc'], queryFn: () => read<OidcInfo>('/api/oidc') });
  // the way back from the provider, when it came to nothing
  const [search] = useSearchParams();
  const refusal = OIDC_REFUSALS[search.get('refused') ?? ''];
  const submit = async (values: { login: string; password: string }) => {
    setBusy(true);
    setError(undefined);
    try {
      await write('POST', '/api/session', values);
      await client.invalidateQueries({ queryKey: ['session'] });
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Centre>
      <main style={{ width: 380, maxWidth: '100%' }}>
        <Card>
          <Flex vertical gap={16}>
            <Flex justify="space-between" align="center">
              <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
                OpenYibao
              </Typography.Title>
              <Button type="link" onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
                {language === 'zh' ? 'English' : '中文'}
              </Button>
            </Flex>
            <Typography.Text type="secondary">
              {say({
                zh: '医保支付平台：每个数字都能说明依据',
                en: 'Medical insurance payment, every figure explained',
              })}
            </Typography.Text>
            {error ? (
              <Refusal error={error} />
            ) : refusal ? (
              <Alert type="error" showIcon title={say(refusal.message)} description={say(refusal.remedy)} />
            ) : null}
            <Form layout="vertical" onFinish={submit} requiredMark={false}>
              <Form.Item
                name="login"
                label={say({ zh: '用户名', en: 'User name' })}
                rules={[{ required: true, message: say({ zh: '请输入用户名', en: 'Enter the user name' }) }]}
              >
                <Input autoComplete="username" autoFocus />
              </Form.Item>
              <Form.Item
                name="password"
                label={say({ zh: '密码', en: 'Password' })}
                rules={[{ required: true, message: say({ zh: '请输入密码', en: 'Enter the password' }) }]}
              >
                <Input.Password autoComplete="current-password" />
              </Form.Item>
              <Button type="primary" htmlType="submit" loading={busy} block>
                {say({ zh: '登录', en: 'Sign in' })}
              </Button>
            </Form>
            {provider.data?.isAvailable ? (
              <>
                <Divider plain style={{ margin: 0 }}>
                  {say({ zh: '或', en: 'or' })}
                </Divider>
                <Button block href="/api/oidc/start">
                  {say({ zh: '用统一身份登录', en: 'Sign in with single sign-on' })}
                </Button>
                <Typography.Text type="secondary" style={{ overflowWrap: 'anywhere', fontSize: 12 }}>
                  {say({ zh: '身份提供方：', en: 'Provider: ' })}
                  {provider.data.issuer}
                </Typography.Text>
              </>
            ) : null}
          </Flex>
        </Card>
      </main>
    </Centre>
  );
}

/** A one-time password is changed before anything else. */
export function NewPassword(props: { readonly login: string }) {
  return (
    <Centre>
      <main style={{ width: 420, maxWidth: '100%' }}>
        <Card>
          <PasswordForm login={props.login} />
        </Card>
      </main>
    </Centre>
  );
}

/** The page behind "change the password". */
export function PasswordPage() {
  const say = useText();
  return (
    <Page title={say({ zh: '修改密码', en: 'Change the password' })}>
      <Card style={{ maxWidth: 480 }}>
        <PasswordForm login="" />
      </Card>
    </Page>
  );
}

function PasswordForm(props: { readonly login: string }) {
  const say = useText();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>();
  const [done, setDone] = useState(false);
  const submit = async (values: { current: string; next: string }) => {
    setError(undefined);
    try {
      await write('PUT', '/api/session/password', {
        oldPassword: values.current,
        newPassword: values.next,
      });
      setDone(true);
      await client.invalidateQueries({ queryKey: ['session'] });
    } catch (refused) {
      setError(refused);
    }
  };
  const required = (zh: string, en: string) => [{ required: true, message: say({ zh, en }) }];
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={2} style={{ fontSize: 18, margin: 0 }}>
        {say({ zh: '设置新密码', en: 'Set a new password' })}
        {props.login ? `（${props.login}）` : ''}
      </Typography.Title>
      {error ? <Refusal error={error} /> : null}
      {done ? (
        <Typography.Text>{say({ zh: '密码已修改。', en: 'The password is changed.' })}</Typography.Text>
      ) : null}
      <Form layout="vertical" onFinish={submit} requiredMark={false}>
        <Form.Item
          name="current"
          label={say({ zh: '当前密码', en: 'Current password' })}
          rules={required('请输入当前密码', 'Enter the current password')}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="next"
          label={say({ zh: '新密码（至少 12 个字符）', en: 'New password (12 characters or more)' })}
          rules={[
            ...required('请输入新密码', 'Enter the new password'),
            { min: 12, message: say({ zh: '至少 12 个字符', en: '12 characters or more' }) },
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={say({ zh: '再输入一次', en: 'Once more' })}
          dependencies={['next']}
          rules={[
            ...required('请再输入一次', 'Enter it once more'),
            ({ getFieldValue }) => ({
              validator: (_rule, value) =>
                !value || value === getFieldValue('next')
                  ? Promise.resolve()
                  : Promise.reject(new Error(say({ zh: '两次输入不一致', en: 'The two differ' }))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {say({ zh: '保存', en: 'Save' })}
        </Button>
      </Form>
    </Flex>
  );
}
