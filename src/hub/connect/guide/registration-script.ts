/** Dynamics CRM as Entra ID knows it: the app of the service and its delegated permission. */
export const DYNAMICS_CRM = {
  appId: '00000007-0000-0000-c000-000000000000',
  userImpersonation: '78ce3f0f-a1ce-49c2-8cde-64b5c0896db4',
} as const

/** What the script is filled with. */
export interface RegistrationValues {
  readonly appName: string
  readonly redirectUri: string
  /** The cloud's name for `az cloud set`. */
  readonly azCloud: string
  /** `yyyy-mm-dd`. */
  readonly secretExpires: string
}

/**
 * Writes the `az` commands that register the app, with permission, consent and secret.
 *
 * @see https://learn.microsoft.com/cli/azure/ad/app
 */
export function registrationScript(values: RegistrationValues): string {
  const access = JSON.stringify([
    {
      resourceAppId: DYNAMICS_CRM.appId,
      resourceAccess: [{ id: DYNAMICS_CRM.userImpersonation, type: 'Scope' }],
    },
  ])
  return [
    ...(values.azCloud === 'AzureCloud' ? [] : [`az cloud set --name ${values.azCloud}`]),
    `APP=$(az ad app create --display-name ${quote(values.appName)} \\`,
    '  --sign-in-audience AzureADMyOrg \\',
    `  --web-redirect-uris ${quote(values.redirectUri)} \\`,
    `  --required-resource-accesses ${quote(access)} \\`,
    '  --query appId --output tsv)',
    'az ad sp create --id "$APP" --output none',
    '# Consent for everybody; this line needs an administrator.',
    `az ad app permission grant --id "$APP" --api ${DYNAMICS_CRM.appId} \\`,
    '  --scope user_impersonation --output none',
    `az ad app credential reset --id "$APP" --append --display-name ${quote(values.appName)} \\`,
    `  --end-date ${values.secretExpires} \\`,
    "  --query '{clientId:appId,clientSecret:password,tenantId:tenant}'",
  ].join('\n')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
