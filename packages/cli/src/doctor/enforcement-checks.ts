import type { CataloguedAction, ControlScope, JsonObject, JsonValue } from '@preceptor/client'
import type { Reach } from '../connected.ts'
import { type Check, type Finding, ok } from './check.ts'

/** What the server really enforces, as far as this credential may see it. */
export function enforcementChecks(reach: Reach): readonly Check[] {
  const policy = async (): Promise<EffectivePolicy> => readPolicy((await reach()).scope)
  return [
    { name: 'policy', run: async () => describePolicy(await policy()) },
    { name: 'duties', run: async () => checkDuties(await policy()) },
    { name: 'shadow', run: async () => checkShadow(await policy(), (await reach()).scope) },
    { name: 'limits', run: async () => checkLimits(await policy()) },
    { name: 'people', run: async () => checkPeople((await reach()).scope) },
    { name: 'journal', run: async () => checkJournal((await reach()).scope) },
  ]
}

interface EffectivePolicy {
  readonly version: number
  readonly document: JsonObject
}

async function readPolicy({ policies }: Pick<ControlScope, 'policies'>): Promise<EffectivePolicy> {
  const { version, document } = await policies.current()
  return { version, document }
}

/** Which rules decide; the built-in ones where the document says nothing. */
function describePolicy({ version, document }: EffectivePolicy): Finding {
  const runs = textIn(document, 'matrix', 'runs') ?? 'strict'
  const actions = textIn(document, 'matrix', 'actions') ?? 'graduated'
  const promotion = textIn(document, 'promotion', 'policy') ?? 'earned'
  const from = version === 0 ? 'the built-in policy' : `policy version ${version}`
  const message = `${from}: runs ${runs}, actions ${actions}, promotion ${promotion}`
  if (promotion !== 'bands') return ok(message)
  return { state: 'warning', message, advice: 'With "bands" confidence alone promotes: "earned" asks for evidence.' }
}

function checkDuties({ document }: EffectivePolicy): Finding {
  if (document.separationOfDuties !== false) return ok('who proposed or owns does not approve')
  const advice = 'Write a policy without "separationOfDuties": false.'
  return { state: 'failed', message: 'Owners may approve what their own agents ask for.', advice }
}

/** Shadow lets run what would be blocked. */
async function checkShadow({ document }: EffectivePolicy, scope: ControlScope): Promise<Finding> {
  const shadow = namesIn(document.shadow)
  if (shadow.length === 0) return ok('nothing runs in shadow: every decision is enforced')
  const governed = await readCapabilities(scope)
  const enforced = shadow.includes('*') ? [] : governed.filter((capability) => !shadow.includes(capability))
  const advice = 'Take capabilities out of "shadow" as soon as their record is good.'
  if (enforced.length === 0)
    return { state: 'failed', message: 'Everything runs in shadow: nothing is blocked.', advice }
  return { state: 'warning', message: `In shadow, so never blocked: ${shadow.join(', ')}.`, advice }
}

async function readCapabilities({ actions }: ControlScope): Promise<readonly string[]> {
  const found: CataloguedAction[] = []
  let cursor: string | null = null
  do {
    const { items, next }: Awaited<ReturnType<typeof actions.list>> = await actions.list({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    })
    found.push(...items)
    cursor = next
  } while (cursor !== null)
  return [...new Set(found.map(({ capability }) => capability))]
}

function checkLimits({ document }: EffectivePolicy): Finding {
  const limits = Array.isArray(document.limits) ? document.limits.length : 0
  if (limits > 0) return ok(`${limits} ${limits === 1 ? 'limit' : 'limits'} on how much agents may do`)
  return ok('no limit on how much agents may do')
}

/** Without an administrator nobody lifts a stop; without a second person nobody can approve for another. */
async function checkPeople({ members }: ControlScope): Promise<Finding> {
  const { items } = await members.list({ limit: 100 })
  const holding = (role: string): number => items.filter(({ roles }) => roles.some((one) => one === role)).length
  const [administrators, supervisors] = [holding('admin'), holding('supervisor')]
  if (administrators === 0) {
    const advice = 'Give a user of the workspace the role admin.'
    return { state: 'failed', message: 'The workspace has no administrator.', advice }
  }
  const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
  return ok(`${plural(administrators, 'administrator')}, ${plural(supervisors, 'supervisor')}`)
}

async function checkJournal({ journal }: ControlScope): Promise<Finding> {
  const { ok: isWhole, checked, unsealed } = await journal.verify()
  if (isWhole) return ok(`the journal verifies: ${checked} rows, ${unsealed} not sealed yet`)
  const advice = 'Somebody or something changed it: see "preceptor journal verify".'
  return { state: 'failed', message: 'The journal does not verify.', advice, code: 'JOURNAL_BROKEN' }
}

function textIn(document: JsonObject, ...path: readonly string[]): string | undefined {
  let value: JsonValue | undefined = document
  for (const key of path) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
  }
  return typeof value === 'string' ? value : undefined
}

function namesIn(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
}
