import type { JsonObject } from '../kernel/index.ts'

interface Product {
  readonly hosts: RegExp
  readonly name: string
  readonly remedy?: string
}

const FROM_BROWSER =
  'Open the CRM environment itself in a browser and copy its address, such as https://org1.crm4.dynamics.com'
const FROM_MAKER =
  'In it choose the environment, then the gear, "Session details": the address is the "Instance url".'

const PRODUCTS: readonly Product[] = [
  {
    hosts: /^(make|apps|create)\.(gov\.|high\.)?powerapps\.(com|us|cn)$/,
    name: 'Power Apps',
    remedy: FROM_MAKER,
  },
  {
    hosts: /^(make|flow)\.(powerautomate|microsoft)\.com$/,
    name: 'Power Automate',
    remedy: FROM_MAKER,
  },
  {
    hosts: /^admin\.(gov\.|high\.)?powerplatform\.microsoft\.(com|us)$/,
    name: 'the Power Platform admin center',
    remedy: 'In it choose Environments, the environment: the address is the "Environment URL".',
  },
  { hosts: /(^|\.)businesscentral\.dynamics\.com$/, name: 'Dynamics 365 Business Central' },
  {
    hosts: /\.(operations|cloudax|sandbox\.operations)\.(int\.)?dynamics\.(com|cn)$/,
    name: 'Dynamics 365 Finance and Operations',
  },
  {
    hosts: /^((home|port|www)\.|(global)?disco\.crm\d{0,2}\.)dynamics\.com$/,
    name: 'a start page of Dynamics 365',
  },
  { hosts: /\.sharepoint\.(com|us|cn|de)$/, name: 'SharePoint' },
  {
    hosts: /\.(powerappsportals|powerpages|microsoftcrmportals)\.(com|microsoft\.com|us)$/,
    name: 'Power Pages',
  },
  {
    hosts: /(^|\.)(portal\.azure|entra\.microsoft|aad\.portal\.azure)\.(com|us|cn)$/,
    name: 'the Azure portal',
  },
  {
    hosts: /^login\.|(^|\.)(microsoftonline|windows)\.(com|net|us|cn)$/,
    name: "Microsoft's sign-in",
  },
  { hosts: /(^|\.)graph\.microsoft\.(com|us)$/, name: 'Microsoft Graph' },
  {
    hosts: /(^|\.)(outlook\.office|office|microsoft365|teams\.microsoft)\.com$/,
    name: 'Microsoft 365',
  },
]

/** Tells of an address that belongs to another product than Dynamics CRM. */
export function otherProduct(hostname: string):
  | {
      readonly what: string
      readonly why: string
      readonly remedy: string
      readonly facts: JsonObject
    }
  | undefined {
  const product = PRODUCTS.find(({ hosts }) => hosts.test(hostname))
  if (product === undefined) return undefined
  return {
    what: `${hostname} is an address of ${product.name}, not of a CRM environment.`,
    why: 'Environments of Dynamics CRM have addresses such as https://org1.crm4.dynamics.com',
    remedy: product.remedy ?? FROM_BROWSER,
    facts: { field: 'address', product: product.name },
  }
}
