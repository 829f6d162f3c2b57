import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  Alert,
  App,
  Button,
  Flex,
  Form,
  type FormInstance,
  Input,
  Modal,
  Select,
  Tag,
  Typography,
} from 'antd';
import { useState } from 'react';
import type { OidcInfo } from '#api/contract/oidc.ts';
import type { UserRow } from '#api/contract/user.ts';
import { read, write } from '../client.ts';
import { DataTable } from '../components/data-table.tsx';
import { FormButton } from '../components/form-button.tsx';
import { Page } from '../components/page.tsx';
import { nameOf, ROLE_NAME } from '../names.ts';
import { useText } from '../preferences.tsx';
import { options } from './cases.tsx';

type Shown = { readonly login: string; readonly oneTimePassword: string };

/** Who may sign in, as what. */
export function UsersPage() {
  const say = useText();
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const [shown, setShown] = useState<Shown>();
  const [linked, setLinked] = useState<UserRow>();
  const oidc = useQuery({ queryKey: ['oidc'], queryFn: () => read<OidcInfo>('/api/oidc') }).data;
  const refresh = () => client.invalidateQueries({ queryKey: ['/api/users'] });
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await refresh();
    } catch (error) {
      message.error((error as Error).message);
    }
  };
  return (
    <Page
      title={say({ zh: '用户', en: 'Users' })}
      lead={say({
        zh: '新用户得到一次性密码，首次登录须修改。停用的用户立即不能登录。',
        en: 'A new user gets a one-time password to be changed at the first sign-in. A disabled user cannot sign in.',
      })}
      actions={
        <NewUser
          onMade={(made) => {
            setShown(made);
            void refresh();
          }}
        />
      }
    >
      {shown ? (
        <Alert
          type="info"
          showIcon
          closable
          onClose={() => setShown(undefined)}
          title={say({
            zh: `${shown.login} 的一次性密码（只显示这一次）：`,
            en: `One-time password of ${shown.login}, shown this once:`,
          })}
          description={<Typography.Text copyable>{shown.oneTimePassword}</Typography.Text>}
        />
      ) : null}
      <DataTable<UserRow>
        path="/api/users"
        rowKey={(row) => row.login}
        filters={[
          { key: 'login', title: say({ zh: '用户名开头', en: 'Login begins' }), search: true },
          { key: 'role', title: say({ zh: '角色', en: 'Role' }), options: options(ROLE_NAME, say) },
        ]}
        columns={[
          { key: 'login', title: say({ zh: '用户名', en: 'Login' }), sortable: true },
          { key: 'displayName', title: say({ zh: '姓名', en: 'Name' }) },
          {
            key: 'role',
            title: say({ zh: '角色', en: 'Role' }),
            render: (row) => say(nameOf(ROLE_NAME, row.role)),
          },
          { key: 'institutionCode', title: say({ zh: '机构', en: 'Institution' }) },
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            render: (row) => (
              <Flex gap={4}>
                {row.isDisabled ? <Tag>{say({ zh: '停用', en: 'disabled' })}</Tag> : null}
                {row.isLinked ? (
                  <Tag color="blue">{say({ zh: '统一身份', en: 'single sign-on' })}</Tag>
                ) : null}
                {row.mustChangePassword ? (
                  <Tag color="orange">{say({ zh: '须改密码', en: 'must change password' })}</Tag>
                ) : null}
              </Flex>
            ),
          },
          {
            key: 'actions',
            title: '',
            render: (row) => (
              <Flex gap={4}>
                <Button
                  size="small"
                  onClick={() =>
                    modal.confirm({
                      title: say({
                        zh: `重设 ${row.login} 的密码？`,
                        en: `A new password for ${row.login}?`,
                      }),
                      onOk: () =>
                        attempt(async () =>
                          setShown(await write<Shown>('POST', `/api/users/${row.login}/password`)),
                        ),
                    })
                  }
                >
                  {say({ zh: '重设密码', en: 'New password' })}
                </Button>
                <Button
                  size="small"
                  onClick={() =>
                    void attempt(() =>
                      write('PATCH', `/api/users/${row.login}`, { isDisabled: !row.isDisabled }),
                    )
                  }
                >
                  {row.isDisabled ? say({ zh: '启用', en: 'Enable' }) : say({ zh: '停用', en: 'Disable' })}
                </Button>
                {oidc?.isAvailable ? (
                  <Button size="small" onClick={() => setLinked(row)}>
                    {say({ zh: '统一身份', en: 'Single sign-on' })}
                  </Button>
                ) : null}
              </Flex>
            ),
          },
        ]}
      />
      <LinkUser
        user={linked}
        issuer={oidc?.issuer ?? ''}
        onClose={() => setLinked(undefined)}
        onLink={(user, subject) => attempt(() => write('PUT', `/api/users/${user.login}/oidc`, { subject }))}
      />
    </Page>
  );
}

/** Which person of the provider of OpenID Connect the user is. */
function LinkUser(props: {
  readonly user: UserRow | undefined;
  readonly issuer: string;
  readonly onClose: () => void;
  readonly onLink: (user: UserRow, subject: string | null) => Promise<void>;
}) {
  const { user, issuer, onClose, onLink } = props;
  const say = useText();
  const [subject, setSubject] = useState('');
  const link = (to: string | null) => {
    if (user === undefined) return;
    onClose();
    setSubject('');
    void onLink(user, to);
  };
  return (
    <Modal
      open={user !== undefined}
      title={say({ zh: `${user?.login} 的统一身份`, en: `Single sign-on of ${user?.login}` })}
      onCancel={onClose}
      footer={
        <Flex gap={8} justify="end">
          {user?.isLinked ? (
            <Button danger onClick={() => link(null)}>
              {say({ zh: '解除绑定', en: 'Take the link away' })}
            </Button>
          ) : null}
          <Button type="primary" disabled={subject.trim() === ''} onClick={() => link(subject.trim())}>
            {say({ zh: '绑定', en: 'Link' })}
          </Button>
        </Flex>
      }
    >
      <Flex vertical gap={8}>
        <Typography.Text type="secondary">
          {say({
            zh: `填写此人在 ${issuer} 的标识（sub）。`,
            en: `The person's identifier (sub) at ${issuer}.`,
          })}
        </Typography.Text>
        <Input
          aria-label="sub"
          maxLength={255}
          value={subject}
          onChange={(event) => setSubject(event.target.value)}
          onPressEnter={() => {
            if (subject.trim() !== '') link(subject.trim());
          }}
        />
      </Flex>
    </Modal>
  );
}

function NewUser({ onMade }: { readonly onMade: (made: Shown) => void }) {
  const say = useText();
  return (
    <FormButton
      kind="primary"
      label={say({ zh: '新建用户', en: 'New user' })}
      title={say({ zh: '新建用户', en: 'New user' })}
      okText={say({ zh: '建立', en: 'Make' })}
      name="user"
      initialValues={{ role: 'clerk' }}
      send={async (values) =>
        onMade(
          await write<Shown>('POST', '/api/users', {
            ...values,
            institutionCode: values.institutionCode || null,
            psnNo: values.psnNo ?? null,
          }),
        )
      }
    >
      {(form) => <UserFields form={form} />}
    </FormButton>
  );
}

function UserFields({ form }: { readonly form: FormInstance }) {
  const say = useText();
  const role: unknown = Form.useWatch('role', form);
  return (
    <>
      <Form.Item
        name="login"
        label={say({
          zh: '用户名（小写字母、数字、. _ @ -）',
          en: 'Login (lower-case letters, digits, . _ @ -)',
        })}
        rules={[{ required: true, pattern: /^[a-z0-9][a-z0-9._@-]{0,63}$/ }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="displayName" label={say({ zh: '姓名', en: 'Name' })} rules={[{ required: true }]}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="role" label={say({ zh: '角色', en: 'Role' })} rules={[{ required: true }]}>
        <Select options={options(ROLE_NAME, say)} />
      </Form.Item>
      {role === 'hospital' || role === 'expert' ? (
        <Form.Item
          name="institutionCode"
          label={say({ zh: '机构代码', en: 'Institution code' })}
          rules={[{ required: role === 'hospital' }]}
        >
          <Input />
        </Form.Item>
      ) : null}
      {role === 'person' ? (
        <Form.Item
          name="psnNo"
          label={say({ zh: '人员编号', en: 'Personal number' })}
          rules={[{ required: true }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
      ) : null}
    </>
  );
}
