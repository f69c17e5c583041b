import type { FieldView, Manifest, ManifestEntry } from '../../src/connector/index.ts'

const DOCS = 'https://github.com/fairlead/fairlead/tree/main/component'

const ENVIRONMENT: Readonly<Record<string, string>> = {
  FAIRLEAD_ALLOWED_ORIGINS:
    'Further origins that may be called, scheme://host:port, comma separated; Microsoft’s own are always allowed',
  FAIRLEAD_CA_FILE: 'A PEM file of further certificate authorities',
  FAIRLEAD_CONNECT_TO: 'Where to connect instead, host:port=host:port, comma separated',
}

/** Writes the description by which the platform offers the component; fields with a higher order stand first. */
export function componentJson(manifest: Manifest, version: string): object {
  return {
    title: manifest.title,
    description:
      'Triggers and actions for Microsoft Dynamics CRM (Dynamics 365, Dataverse Web API).',
    version,
    buildType: 'docker',
    docsUrl: DOCS,
    authClientTypes: ['oauth2'],
    envVars: Object.fromEntries(
      Object.entries(ENVIRONMENT).map(([name, description]) => [
        name,
        { required: false, description },
      ]),
    ),
    credentials: {
      fields: {
        oauth: { label: 'Authentication', viewClass: 'HTTPAuthView', required: true },
        baseUrl: {
          label: 'Base URL',
          viewClass: 'TextFieldView',
          required: true,
          placeholder: 'https://org1.crm4.dynamics.com',
          note: 'The address of the environment, with or without /api/data and a version.',
        },
        apiVersion: {
          label: 'API version',
          viewClass: 'TextFieldView',
          required: false,
          placeholder: 'v9.2',
          note: 'v9.2 unless told otherwise; a version in the Base URL counts.',
        },
      },
    },
    triggers: entries(manifest.triggers, 'triggers'),
    actions: entries(manifest.actions, 'actions'),
  }
}

function entries(list: readonly ManifestEntry[], folder: string): object {
  return Object.fromEntries(list.map((entry) => [entry.name, entryJson(entry, folder)]))
}

function entryJson(entry: ManifestEntry, folder: string): object {
  const { name, title, description, order, deprecated, kind, fields } = entry
  return {
    main: `./${folder}/${name}.js`,
    title,
    order: 1_000 - order,
    help: { description, link: `${DOCS}/TRIGGERS-AND-ACTIONS.md#${anchorOf(title)}` },
    ...(kind === 'action' ? {} : { type: kind }),
    ...(deprecated ? { deprecated } : {}),
    fields: Object.fromEntries(Object.entries(fields).map(([key, one]) => [key, fieldJson(one)])),
    dynamicMetadata: true,
  }
}

function fieldJson(field: FieldView): object {
  const { viewClass, label, required, order, placeholder, model, options, requires } = field
  const help = helpOf(field)
  const choosable = viewClass === 'SelectView'
  return {
    viewClass,
    label,
    required,
    order: 1_000 - order,
    ...(help === '' ? {} : { help: { description: help } }),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(choosable ? { prompt: `Select ${label}`, model: options ?? model } : {}),
    ...(requires === undefined ? {} : { require: requires }),
  }
}

// The platform's forms have no defaults: what a field is that is left empty has to be said.
function helpOf({ help, default: initial, model }: FieldView): string {
  const value = initial === undefined ? undefined : (model?.[String(initial)] ?? initial)
  const isTold = value === undefined || typeof value === 'boolean'
  return [help, isTold ? undefined : `Left empty: ${value}.`].filter(Boolean).join(' ')
}

// As the page's host makes them of headings.
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-')
}
