import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { showAdaptation } from './show-adaptation.ts'
import { showAnalytics, showDeployment } from './show-analytics.ts'
import { showCache, showFormats, showSessions } from './show-sessions.ts'
import { openStage, type Row } from './stage.ts'

const FOLDER = join('.preceptor', 'trainer-demo')
const PARTS = [showSessions, showFormats, showCache, showAdaptation, showAnalytics, showDeployment]

const isJson = process.argv.includes('--json')
const say = (line: string): void => void (isJson ? process.stderr : process.stdout).write(`${line}\n`)

rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(FOLDER, { recursive: true })
const stage = await openStage(join(FOLDER, 'data'))
try {
  const rows: Row[] = []
  for (const show of PARTS) {
    for (const row of await show(stage)) {
      rows.push(row)
      say(lineOf(row))
    }
  }
  const wrong = rows.filter(({ holds }) => !holds)
  say(wrong.length === 0 ? `All ${rows.length} hold.` : `${wrong.length} of ${rows.length} do not hold.`)
  if (isJson) process.stdout.write(`${JSON.stringify({ rows })}\n`)
  if (wrong.length > 0) process.exitCode = 1
} finally {
  await stage.close()
}

function lineOf({ part, what, result, holds }: Row): string {
  return `${holds ? 'yes' : 'NO '}  ${part.padEnd(13)}  ${what.padEnd(30)}  ${result}`
}
