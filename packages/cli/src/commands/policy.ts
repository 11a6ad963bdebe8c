import { GovernanceError, type Page, type PolicyVersion } from '@preceptor/client'
import { type Command, type CommandCall, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { PAGE_FLAGS, pageQueryOf, printPage, wholeNumber } from './paging.ts'
import { policyApply } from './policy-apply.ts'
import { policyDiff } from './policy-diff.ts'
import { policyShadow } from './policy-shadow.ts'
import { policySimulate } from './policy-simulate.ts'

const show: Command = {
  name: 'policy show',
  words: [],
  summary: 'Show the policy that is in force, as YAML',
  flags: {
    ...CONNECTION_FLAGS,
    version: { value: '<number>', summary: 'this version of it; 0 is the built-in strict one' },
  },
  async run(call) {
    const given = textOf(call, 'version')
    const version = given === undefined ? undefined : wholeNumber('version', given, { from: 0, to: 2_147_483_647 })
    const policy = await versionOf(call, version)
    await call.print({ text: (await yamlOf(policy)).trimEnd(), json: policy })
    return 0
  },
}

const history: Command = {
  name: 'policy history',
  words: [],
  summary: 'List the versions of the policy, newest first',
  flags: { ...CONNECTION_FLAGS, ...PAGE_FLAGS },
  async run(call) {
    const query = pageQueryOf(call)
    const { scope } = await connect(call)
    await printPage(call, await scope.policies.list(query), {
      noun: 'versions: the built-in strict policy is in force',
      headings: ['VERSION', 'BY', 'AT', 'REASON'],
      row: ({ version, createdBy, createdAt, reason }) => [String(version), createdBy, createdAt ?? '-', reason],
    })
    return 0
  },
}

const check: Command = {
  name: 'policy check',
  words: ['FILE'],
  summary: 'Say what is wrong with a policy file, by line and column; needs no server, exits 1 where something is',
  flags: {},
  async run(call) {
    const [file = ''] = call.words
    const { describeProblem, readPolicyFile } = await import('../policy/read-policy-file.ts')
    const { problems } = await readPolicyFile(file)
    const text =
      problems.length === 0 ? `${file} is valid.` : problems.map((one) => describeProblem(file, one)).join('\n')
    await call.print({ text, json: { file, ok: problems.length === 0, problems } })
    return problems.length === 0 ? 0 : 1
  },
}

const schema: Command = {
  name: 'policy schema',
  words: [],
  summary: 'Print the JSON Schema of a policy file, by which editors complete it; needs no server',
  flags: {},
  async run(call) {
    const { policyFileSchema } = await import('../policy/policy-file-schema.ts')
    const found = policyFileSchema()
    await call.print({ text: JSON.stringify(found, null, 2), json: found })
    return 0
  },
}

const pull: Command = {
  name: 'policy pull',
  words: ['FILE'],
  summary: 'Bring a policy file to what is in force; comments in it are kept',
  flags: CONNECTION_FLAGS,
  async run(call) {
    const [file = ''] = call.words
    const policy = await versionOf(call, undefined)
    const { pullInto } = await import('../policy/pull-into.ts')
    const changed = await pullInto(file, policy.document)
    const json = { file, version: policy.version, changed }
    await call.print({ text: `${file} ${changed ? 'is now' : 'was'} version ${policy.version}.`, json })
    return 0
  },
}

/** `preceptor policy …`. */
export const policyCommands: readonly Command[] = [
  show,
  history,
  check,
  schema,
  policyDiff,
  policySimulate,
  policyApply,
  pull,
  policyShadow,
]

async function versionOf(call: CommandCall, wanted: number | undefined): Promise<PolicyVersion> {
  const { scope } = await connect(call)
  if (wanted === undefined) return scope.policies.current()
  let cursor: string | null = null
  do {
    const page: Page<PolicyVersion> = await scope.policies.list({ limit: 100, ...(cursor === null ? {} : { cursor }) })
    const found = page.items.find(({ version }) => version === wanted)
    if (found !== undefined) return found
    cursor = page.next
  } while (cursor !== null)
  if (wanted === 0) return BUILT_IN
  throw new GovernanceError('NOT_FOUND', { message: `There is no version ${wanted} of the policy.` })
}

const BUILT_IN: PolicyVersion = {
  version: 0,
  document: {},
  reason: 'The built-in strict policy.',
  createdBy: 'system',
  createdAt: null,
}

async function yamlOf({ version, document, createdBy, createdAt, reason }: PolicyVersion): Promise<string> {
  const { parseDocument, stringify } = await import('yaml')
  const yaml = parseDocument(stringify(document))
  const made = createdAt === null ? 'built in' : `by ${createdBy}, ${createdAt}`
  yaml.commentBefore = ` Version ${version}, ${made}\n ${JSON.stringify(reason)}`
  return String(yaml)
}
