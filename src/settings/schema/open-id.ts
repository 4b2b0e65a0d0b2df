import * as z from 'zod';
import { type Role, roles } from '../../core/roles.ts';
import { setting } from '../setting.ts';

const address = z.url({ protocol: /^https?$/ });
const addressAllowed = 'an https address; http on loopback addresses only';
const groupsOf = (role: Role) =>
  setting(z.array(z.string().min(1).max(200)).max(100).default([]), {
    description: `Groups whose members get the role ${role}. Who is in several groups gets the highest role.`,
    allowed: 'a list of group names',
    defaultText: 'none',
  });

/** Log-ins by an identity provider, beside those by password. */
export const openId = z.strictObject({
  issuer: setting(address.optional(), {
    description:
      'Issuer of the OpenID Connect provider. If it is set, the log-in page has a button for it; passwords go on working. The provider is asked when somebody logs in, not at the start.',
    allowed: addressAllowed,
    defaultText: 'none',
  }),
  clientId: setting(z.string().min(1).optional(), {
    description: 'Client id that the provider has given Sluice.',
    allowed: 'text',
    defaultText: 'none',
  }),
  clientSecret: setting(z.string().min(1).optional(), {
    description: 'Client secret; best set by the environment or a file. Not set for a public client.',
    secret: true,
    allowed: 'text',
  }),
  publicUrl: setting(address.optional(), {
    description:
      'Address of the console as browsers see it. Register this address followed by `/api/v1/session/openid/callback` as redirect URI at the provider.',
    allowed: addressAllowed,
    defaultText: 'none',
  }),
  scopes: setting(
    z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/))
      .max(20)
      .default(['profile']),
    {
      description: 'Scopes to ask for, beside `openid`.',
      allowed: 'a list of scopes such as `[profile, groups]`',
    },
  ),
  nameClaim: setting(z.string().min(1).default('preferred_username'), {
    description:
      'Claim that names a new account, once. If another account has the name, the host of the provider is appended: `anna@login.example.com`.',
  }),
  groupsClaim: setting(z.string().min(1).default('groups'), {
    description: 'Claim with the groups of a person. Dots lead into objects, as in `realm_access.roles`.',
  }),
  groups: z
    .strictObject(
      Object.fromEntries(roles.map((role) => [role, groupsOf(role)])) as Record<
        Role,
        ReturnType<typeof groupsOf>
      >,
    )
    .prefault({}),
  defaultRole: setting(z.enum(roles).optional(), {
    description: 'Role of people in none of these groups. Without it, they may not log in.',
    defaultText: 'none',
  }),
  newAccounts: setting(z.enum(['add', 'refuse']).default('add'), {
    description:
      'Whether people who log in for the first time get an account. With `refuse`, only those may log in who did so before.',
  }),
  label: setting(z.string().min(1).max(60).default('Single sign-on'), {
    description: 'Text of the button on the log-in page.',
  }),
});
