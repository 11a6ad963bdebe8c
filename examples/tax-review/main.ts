import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkflowRunDetail } from '@preceptor/orchestration'
import { startRuleServer } from '../rule-server.ts'
import { REVIEW_RULES } from './agent.ts'
import { check, type Shown } from './check.ts'
import { OFFICE_TOKEN, openOffice } from './office.ts'
import { openPlane, type Plane } from './plane.ts'
import { answer, file, writeWorkflow } from './story.ts'

const FOLDER = join('.preceptor', 'tax-review')
const SMALL = { client: 'ana', income: 30_000, deductions: 10_000 }
const LARGE = { client: 'ben', income: 200_000, deductions: 120_000 }
const ANOTHER = { client: 'cem', income: 90_000, deductions: 10_000 }

const isJson = process.argv.includes('--json')
const say = (line: string): void => void (isJson ? process.stderr : process.stdout).write(`${line}\n`)

rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(FOLDER, { recursive: true })
const model = await startRuleServer({ rules: REVIEW_RULES })
const office = await openOffice()
const open = (): Promise<Plane> =>
  openPlane({ dataFolder: join(FOLDER, 'data'), model: model.url, office: { url: office.url, token: OFFICE_TOKEN } })
let plane = await open()
try {
  const shown = await show()
  const findings = check(shown)
  for (const { name, holds } of findings) say(`   ${holds ? 'yes' : 'NO '}  ${name}`)
  if (isJson) process.stdout.write(`${JSON.stringify({ ...shown, findings })}\n`)
  if (findings.some(({ holds }) => !holds)) process.exitCode = 1
} finally {
  await plane.close()
  await office.close()
  await model.close()
}

async function show(): Promise<Shown> {
  const ada = plane.as('ada', 'admin')
  await ada.agents.register({ id: 'tax-bot', displayName: 'Tax bot', maturity: 'autonomous', ownerId: 'system' })
  const workflow = await writeWorkflow(ada)
  const give = (what: typeof SMALL) => file(plane.as('sue', 'supervisor'), workflow, { what, office: office.url })
  const boss = () => plane.as('sam', 'supervisor')

  say('1  Sue starts a run for a small return. Nobody has to look at it.')
  const small = tell(await give(SMALL))
  say('2  A large one: the office is asked two things side by side, then the run waits for a person.')
  const asked = tell(await give(LARGE))
  say('3  The plane is closed while it waits, and opened again.')
  await plane.close()
  plane = await open()
  say('4  Sam approves, and corrects the amount: what he approves is what is filed.')
  const data = { owed: 17_500, note: 'The car is private.' }
  const approved = tell(await answer(boss(), asked, { approved: true, comment: 'Without the car.', data }))
  say('5  Another one is rejected.')
  const rejected = tell(
    await answer(boss(), tell(await give(ANOTHER)), { approved: false, comment: 'The client moved away.' }),
  )
  say('6  The office is closed for a while, and the step that asks it is tried again.')
  office.refuseNext(1)
  const retried = tell(await give(SMALL))
  say('7  What must hold:')
  const { items: journal } = await plane.as('ada', 'admin').journal.list({ limit: 100 })
  const outside = { filed: office.filed, lookups: office.lookups(), reviews: model.calls.length }
  return { small, asked, approved, rejected, retried, journal, ...outside }
}

function tell(run: WorkflowRunDetail): WorkflowRunDetail {
  for (const { step, type, state, attempts } of run.steps) {
    say(`   ${type.padEnd(9)} ${step.padEnd(9)} ${state}${attempts > 1 ? `, ${attempts} tries` : ''}`)
  }
  say(`   The run ${run.id} is ${run.state}${run.endedAt === null ? '' : `: ${JSON.stringify(run.output)}`}`)
  return run
}
