import type { CatalogueEntry } from '../entry.ts'
import { several } from '../several.ts'

const NEVER = { when: 'never' } as const

/** The token is good, but Dataverse does not let its user in, or not this far. */
export const accessEntries: readonly CatalogueEntry[] = [
  {
    code: '0x80072560',
    name: 'UserNotMemberOfOrg',
    what: 'The user is not a member of the environment {environmentUrl}.',
    why: "For a person: no licence, or not in the environment's security group, so that the user was never added. For an app: the environment has no application user for it.",
    remedy:
      'For a person: assign a licence and add the user in the Power Platform admin center, Environments, the environment, Users. For an app: same place, Settings, "Users + permissions", "Application users", "New app user", choose the app {applicationId}, its business unit and a security role.',
    who: 'crm-administrator',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: '0x80040225',
    name: 'unManagedidsusernotenabled',
    what: 'The user is disabled in the environment, or belongs to no business unit.',
    why: 'Losing the licence, or leaving the security group of the environment, disables a user.',
    remedy:
      'In the Power Platform admin center, Environments, the environment, Users, look at the state of the user; assign a licence, enable the user and give it a business unit.',
    who: 'crm-administrator',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: '0x80042f09',
    name: 'UserNotAssignedRoles',
    what: 'The user has no security role in the environment.',
    why: 'An application user is often added without a role, and a role of the wrong business unit does not count.',
    remedy:
      'In the Power Platform admin center, Environments, the environment, Settings, "Users + permissions", open Users (or Application users), the user, "Edit security roles", and give it one.',
    who: 'crm-administrator',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: '0x8004d24b',
    name: 'UserNotAssignedLicense',
    what: 'The user has no licence for the environment.',
    why: 'A person needs a Dynamics 365 or Power Apps licence; an application user needs none.',
    remedy:
      'Assign a licence in the Microsoft 365 admin center, or connect with an application user instead.',
    who: 'crm-administrator',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: '0x8004a113',
    name: 'UserDoesNotHaveAdminOnlyModePermissions',
    what: 'The environment is in administration mode.',
    why: 'During maintenance only system administrators and customizers are let in.',
    remedy:
      'Wait until the maintenance is over, or let an administrator switch administration mode off in the Power Platform admin center. Fairlead tries again every 15 minutes.',
    who: 'crm-administrator',
    retry: { when: 'later', afterMs: 900_000 },
    affects: 'transient',
  },
  {
    code: '0x8004a104',
    name: 'OrganizationDisabled',
    what: 'The environment is switched off.',
    why: 'It is being restored, copied or moved, or its trial or subscription has ended.',
    remedy:
      'Look at its state in the Power Platform admin center. Fairlead tries again every 15 minutes.',
    who: 'crm-administrator',
    retry: { when: 'later', afterMs: 900_000 },
    affects: 'transient',
  },
  ...several(
    [
      ['0x80040220', 'PrivilegeDenied'],
      ['0x80048306', 'unManagedIdsAccessDenied'],
      ['0x80048405', 'AccessDenied'],
      '0x80040299',
    ],
    {
      what: 'The user lacks a privilege for this.',
      why: 'None of its security roles grants the privilege, or grants it for its own rows or business unit only.',
      remedy:
        'Let an administrator add the privilege to one of the security roles of the user, or assign a role that has it.',
      who: 'crm-administrator',
      retry: NEVER,
      affects: 'configuration',
    },
  ),
  {
    code: '0x8004f504',
    name: 'AttributePermissionReadIsMissing',
    what: 'The user may not read a secured column.',
    why: 'The column is protected by a column security profile to which the user does not belong.',
    remedy: 'Let an administrator add the user to the profile, or leave the column out.',
    who: 'crm-administrator',
    retry: NEVER,
    affects: 'configuration',
  },
  {
    code: '0x8004a110',
    name: 'CannotActOnBehalfOfAnotherUser',
    what: 'The user may not act on behalf of another user.',
    why: 'This needs the privilege prvActOnBehalfOfAnotherUser, which the role "Delegate" has.',
    remedy: 'Let an administrator assign the role "Delegate" to the user of this Credential.',
    who: 'crm-administrator',
    retry: NEVER,
    affects: 'configuration',
  },
  {
    code: '0x80095ffc',
    what: 'The environment does not admit this app.',
    why: 'An administrator has limited which apps may call the environment.',
    remedy: 'Let an administrator of the environment allow the application id {applicationId}.',
    who: 'crm-administrator',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: '0x8004a112',
    name: 'SystemUserDisabled',
    what: 'The user has been disabled, so its sign-in no longer counts.',
    why: 'An administrator disabled the user after the token was given.',
    remedy: 'Let an administrator enable the user, then authenticate again.',
    who: 'crm-administrator',
    retry: NEVER,
    affects: 'credential',
  },
  ...several(
    [
      ['0x8004a100', 'InvalidAuthTicket'],
      ['0x8004a101', 'ExpiredAuthTicket'],
      ['0x8004a102', 'BadAuthTicket'],
      ['0x8004a103', 'InsufficientAuthTicket'],
      ['0x8004a105', 'TamperedAuthTicket'],
      ['0x8005f101', 'AccessTokenExpired'],
    ],
    {
      what: 'Dataverse refused the access token.',
      why: 'It has expired, is meant for another environment, or comes from another directory.',
      remedy:
        'Fairlead renews the token once by itself; if the refusal stays, run Verify, which compares the token with what {environmentUrl} demands, and authenticate again.',
      who: 'you',
      retry: { when: 'once' },
      affects: 'credential',
    },
  ),
]
