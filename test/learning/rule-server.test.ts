import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelAt } from './models.ts'
import { loadRefunds, type RefundCase, type RuleServer, startRuleServer } from './rule-server.ts'

let server: RuleServer
let cases: readonly RefundCase[]
beforeAll(async () => {
  server = await startRuleServer()
  cases = (await loadRefunds()).REFUND_CASES
})
afterAll(() => server?.close())

async function ask(system: string, user: string): Promise<unknown> {
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ] as const
  const reply = await modelAt(server).invoke([...messages])
  return Reflect.get(Object(reply), 'content')
}

describe('the model of the refunds', () => {
  it('answers wrongly unless its prompt holds the instruction or an example', async () => {
    expect(cases.length).toBeGreaterThanOrEqual(6)
    for (const { task, wrong, right, instruction } of cases) {
      expect(await ask('You help customers.', task)).toBe(wrong)
      expect(await ask(`You help customers. Remember: ${instruction}.`, task)).toBe(right)
      expect(await ask(`Task: ${task}\nAnswer: ${right}`, task)).toBe(right)
    }
    for (const other of cases.slice(1)) {
      expect(await ask(`Remember: ${cases[0]?.instruction}.`, other.task)).toBe(other.wrong)
    }
    expect(await ask('You help customers.', 'What is the weather?')).toBe('I do not know.')
  })

  it('says which rule answered, and fails during an outage and where no rule holds', async () => {
    server.forgetCalls()
    await ask('', cases[0]?.task ?? '')
    expect(server.calls).toMatchObject([{ rule: 'answer', prompt: { model: 'scripted', user: cases[0]?.task } }])
    server.setOutage(503)
    await expect(ask('', 'Hi')).rejects.toThrow('503')
    server.setOutage(null)
    server.setRules([])
    await expect(ask('', 'Hi')).rejects.toThrow('400')
  })
})
